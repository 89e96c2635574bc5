"""Transactions beside the one at hand: each has a thread and a session of its own, and they work at the same time."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager, suppress
from typing import TypeVar

from flask import Flask, current_app

from app.kernel.db import atomic

R = TypeVar("R")


@contextmanager
def open_beside() -> Iterator["Beside"]:
    """What the block begins beside and does not keep is dropped at its end. Nothing is begun before it is asked for."""
    beside = Beside(current_app._get_current_object())  # type: ignore[attr-defined]
    try:
        yield beside
    finally:
        beside.close()


class Beside:
    """As many transactions as acts are handed in at once: the first of them always works in the first, and so on."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lanes: list[_Lane] = []

    def alone(self, act: Callable[[], R]) -> R:
        """One act in a transaction of its own, which is kept."""
        lane = _Lane(self._app)
        try:
            done = lane.begin(act).result()
            lane.keep().result()
            return done
        finally:
            lane.drop().result()
            lane.end()

    def each(self, acts: Sequence[Callable[[], R]]) -> list[R]:
        """All acts at the same time, each going on in its transaction; raises what one raised once all have ended."""
        self._lanes += [_Lane(self._app) for _ in acts[len(self._lanes) :]]
        return _wait([lane.begin(act) for lane, act in zip(self._lanes, acts, strict=False)])

    def keep(self) -> None:
        """Commit one after the other: where one cannot, those before it are kept."""
        for lane in self._lanes:
            lane.keep().result()

    def drop(self) -> None:
        """Undo what is not kept; the next acts begin anew."""
        _wait([lane.drop() for lane in self._lanes])

    def close(self) -> None:
        """Undo what is not kept, and end the threads."""
        try:
            self.drop()
        finally:
            for lane in self._lanes:
                lane.end()


def _wait(begun: Sequence[Future[R]]) -> list[R]:
    wait(begun)
    return [one.result() for one in begun]


class _Dropped(Exception):
    """What was done is not wanted."""


class _Lane:
    """One thread, and its transaction from the first act until it is kept or dropped."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="beside")
        self._open: ExitStack | None = None

    def begin(self, act: Callable[[], R]) -> Future[R]:
        return self._thread.submit(self._do, act)

    def keep(self) -> Future[None]:
        return self._thread.submit(self._end)

    def drop(self) -> Future[None]:
        return self._thread.submit(self._undo)

    def end(self) -> None:
        self._thread.shutdown()

    def _do(self, act: Callable[[], R]) -> R:
        if self._open is None:
            self._open = ExitStack()
            self._open.enter_context(self._app.app_context())
            self._open.enter_context(atomic())
        return act()

    def _undo(self) -> None:
        ended, self._open = self._open, None
        if ended is not None:
            with suppress(_Dropped), ended:
                raise _Dropped

    def _end(self) -> None:
        ended, self._open = self._open, None
        if ended is not None:
            ended.close()
