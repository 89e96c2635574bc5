"""Imports that the system kills at a chosen moment: each line read is [FILE, MOMENT, BATCH, WHERE] as JSON.

BATCH counts from 1; WHERE is `before_writing`, `while_writing`, `before_commit` or `after_commit`; `never` lets it end.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask

from app.flows.history import receipts
from app.identity import bulk as identity_bulk
from app.kernel import clock
from app.settlement.ledger import bulk as settlement_bulk
from cli.imports import loading
from wsgi import create_app

BATCH_ROWS = 20


class Death:
    """What kill -9 does in a certain batch: nothing is cleaned up."""

    def __init__(self, batch: int) -> None:
        self._left = batch

    def around(self, act: Callable[..., Any], *, first: bool) -> Callable[..., Any]:
        """The act, with the end of the process before or after its n-th call."""

        def dying(*arguments: Any, **named: Any) -> Any:
            self._left -= 1
            if self._left == 0 and first:
                os.kill(os.getpid(), signal.SIGKILL)
            result = act(*arguments, **named)
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return dying


def load(app: Flask, file: str, moment: str, batch: str, where: str) -> None:
    """The import, to its end or to its death."""
    loading.BATCH_ROWS = BATCH_ROWS
    death = Death(int(batch))
    if where == "before_writing":
        identity_bulk.lock_members = death.around(identity_bulk.lock_members, first=True)
    elif where == "while_writing":
        settlement_bulk.post = death.around(settlement_bulk.post, first=True)
    elif where == "before_commit":
        receipts.load = death.around(receipts.load, first=False)
    elif where == "after_commit":
        loading._commit = death.around(loading._commit, first=False)  # type: ignore[assignment]
    with clock.freeze(datetime.fromisoformat(moment)):
        app.test_cli_runner().invoke(args=["import", "purchases", str(Path(file)), "--effects", "ledger"])


def _end_after(act: Callable[..., None], *arguments: Any) -> None:
    """Whatever happens, the forked process does not go on as its parent would."""
    code = 1
    try:
        act(*arguments)
        code = 0
    finally:
        os._exit(code)


def main() -> None:
    """One import for each line of arguments, in a process of its own that has the application from this one."""
    app = create_app()
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            _end_after(load, app, *json.loads(line))
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201  read by the test


if __name__ == "__main__":
    main()
