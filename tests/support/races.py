"""Several callers at the same moment, each with a session of its own, on committed data."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask

from tests.support.patience import PATIENCE_S


def race(app: Flask, callers: Sequence[Callable[[], Any]]) -> list[Any]:
    """Runs all callers together, in threads that start on one signal; each result is the answer or the exception."""
    start = threading.Barrier(len(callers))

    def run(caller: Callable[[], Any]) -> Any:
        with app.app_context():
            start.wait(PATIENCE_S)
            try:
                return caller()
            except Exception as error:
                return error

    with ThreadPoolExecutor(max_workers=len(callers)) as pool:
        return list(pool.map(run, callers))


def winners(results: Sequence[Any]) -> list[Any]:
    """The answers that are not exceptions."""
    return [result for result in results if not isinstance(result, Exception)]
