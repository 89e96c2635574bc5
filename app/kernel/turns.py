"""Few requests work at a time, many may wait for somebody outside.

Python runs one thread at a time, so more working threads only get in one another's way (`script/bench redemption`).
But a platform that takes seconds to answer must not keep the tills waiting. So the server has many threads, a process
only a few turns, and whoever waits for the outside gives the turn up meanwhile.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue

WORKING = 2


class _Mine(threading.local):
    holds = False


_free: SimpleQueue[None] = SimpleQueue()
for _ in range(WORKING):
    _free.put(None)
_mine = _Mine()


@contextmanager
def taken() -> Iterator[None]:
    """Wait for a turn and keep it for the block."""
    _take()
    try:
        yield
    finally:
        _give()


@contextmanager
def given_up() -> Iterator[None]:
    """Let others work during the block, which waits for somebody outside; nothing for a thread without a turn."""
    if not _mine.holds:
        yield
        return
    _give()
    try:
        yield
    finally:
        _take()


def _take() -> None:
    _free.get()
    _mine.holds = True


def _give() -> None:
    _mine.holds = False
    _free.put(None)
