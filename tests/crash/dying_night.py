"""Works out the nights until a day and kills itself, -9, before so many of its statements or commits:
`… dying_night DAY MOMENT statements|commits COUNT [MEMBERS]`. Shares have at least so many members.

Prints how many that took, if it lives to see the end.
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
from app.lifecycle.stages.shares import taking
from app.workers.lifecycle import night_runs
from jobs.beside import open_beside
from wsgi import create_app

COUNTED = {"statements": ("before_cursor_execute", "commit"), "commits": ("commit",)}


def main(day: str, moment: str, counted: str, most: str, members: str = str(taking.LEAST_MEMBERS)) -> None:
    sent = itertools.count(1)

    def die_in_time(*_: Any) -> None:
        if next(sent) == int(most):
            os.kill(os.getpid(), signal.SIGKILL)

    app, taking.LEAST_MEMBERS = create_app(), int(members)
    with app.app_context(), clock.freeze(datetime.fromisoformat(moment)):
        for name in COUNTED[counted]:
            event.listen(db.engine, name, die_in_time)
        night_runs.run_nights(until=date.fromisoformat(day), now=clock.now(), beside=open_beside)
    print(next(sent) - 1)  # noqa: T201  read by the test


if __name__ == "__main__":
    main(*sys.argv[1:])
