"""Works out the nights until a day and kills itself, -9, before so many statements: `… dying_night DAY MOMENT COUNT`.

Prints how many statements that took, if it lives to see the end.
"""

import itertools
import os
import signal
import sys
from datetime import date, datetime
from typing import Any

from sqlalchemy import event

from app.kernel import clock
from app.kernel.db import db
from app.workers.lifecycle import night_runs
from wsgi import create_app


def main(day: str, moment: str, most: str) -> None:
    sent = itertools.count(1)

    def die_in_time(*_: Any) -> None:
        if next(sent) == int(most):
            os.kill(os.getpid(), signal.SIGKILL)

    app = create_app()
    with app.app_context(), clock.freeze(datetime.fromisoformat(moment)):
        event.listen(db.engine, "before_cursor_execute", die_in_time)
        event.listen(db.engine, "commit", die_in_time)
        night_runs.run_nights(until=date.fromisoformat(day), now=clock.now())
    print(next(sent) - 1)  # noqa: T201  read by the test


if __name__ == "__main__":
    main(*sys.argv[1:])
