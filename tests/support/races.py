"""Several callers at the same moment, each with a session of its own, on committed data."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from flask import Flask

from app.kernel.db import atomic, db
from tests.support.patience import PATIENCE_S
from tests.support.waiting import is_somebody_waiting, wait_until


def race(app: Flask, callers: Sequence[Callable[[], Any]]) -> list[Any]:
    """Runs all callers together, in threads that start on one signal; each result is the answer or the exception.

    Rows that the test holds are read once more before, and then belong to nobody until all have ended: where one had
    to be read again, several threads would ask the test's own session at once, which now and then fails.
    """
    start = threading.Barrier(len(callers))

    def run(caller: Callable[[], Any]) -> Any:
        with app.app_context():
            start.wait(PATIENCE_S)
            try:
                return caller()
            except Exception as error:
                return error

    with _handed_out(), ThreadPoolExecutor(max_workers=len(callers)) as pool:
        return list(pool.map(run, callers))


@contextmanager
def _handed_out() -> Iterator[None]:
    """The rows of the test's session as plain values; afterwards they are the session's again, and read anew."""
    session = db.session()
    held, goes_on = list(session.identity_map.values()), session.in_transaction()
    for row in held:
        session.refresh(row)
    session.expunge_all()
    if not goes_on:  # a transaction that the test has begun holds what it holds
        session.commit()
    yield
    session.add_all(held)
    session.expire_all()


def interleave(app: Flask, first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Runs two units of work; the first one commits only once the second has either ended or is seen waiting."""
    done, ended = threading.Event(), threading.Event()

    def leading() -> Any:
        with atomic():
            try:
                answer = first()
            finally:
                done.set()
            wait_until(lambda: ended.is_set() or is_somebody_waiting())
        return answer

    def following() -> Any:
        done.wait(PATIENCE_S)
        try:
            with atomic():
                return second()
        finally:
            ended.set()

    return race(app, [leading, following])


def winners(results: Sequence[Any]) -> list[Any]:
    """The answers that are not exceptions."""
    return [result for result in results if not isinstance(result, Exception)]
