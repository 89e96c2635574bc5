"""A sender that is killed by the system at a chosen moment of sending one message: `crash_worker.py WHERE MOMENT`."""

import os
import signal
import sys
from datetime import datetime
from typing import Any

from app.kernel import clock
from app.outreach.consents import consents
from app.wechat.mini import MiniProgram
from app.workers import outreach
from wsgi import create_app


def die() -> None:
    """What kill -9 does: nothing is cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)


class DyingMini:
    """The real mini-program; the process dies when it is about to send, or as soon as the platform has answered."""

    def __init__(self, mini: MiniProgram, *, where: str) -> None:
        self._mini, self._where = mini, where

    def send_subscribe_message(self, openid: str, **message: Any) -> Any:
        if self._where == "before_sending":
            die()
        result = self._mini.send_subscribe_message(openid, **message)
        die()
        return result


def main(where: str, moment: str) -> None:
    app = create_app()
    if where == "while_claiming":
        reserve = consents.reserve
        consents.reserve = lambda *a, **named: (reserve(*a, **named), die())[0]  # type: ignore[assignment]
    with app.app_context(), clock.freeze(datetime.fromisoformat(moment)):
        mini = DyingMini(app.extensions["huitou.gateway"].mini, where=where)
        outreach.send_due_messages(mini, app.extensions["huitou"].wechat, limit=10)  # type: ignore[arg-type]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
