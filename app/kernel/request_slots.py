"""Few requests work at a time, many may wait for somebody outside.

Python runs one thread at a time, so more working threads only get in one another's way (`script/bench redemption`).
But a platform that takes seconds to answer must not keep the tills waiting. So the server has many threads, a process
only a few turns, and whoever waits for the outside gives the turn up meanwhile. Not all threads may wait: when so many
do that the platform is as good as away, the next one is told so at once.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue

from app.kernel.errors import PlatformUnavailable

WORKING = 2
# Fewer than the server's threads (docs/deploy.md), each with a connection to the database at most (wsgi.py).
WAITING = 24


class _Mine(threading.local):
    holds = False


_free: SimpleQueue[None] = SimpleQueue()
for _ in range(WORKING):
    _free.put(None)
_mine = _Mine()
_outside = threading.BoundedSemaphore(WAITING)


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
    """Let others work during the block, which waits for somebody outside; nothing for a thread without a turn.

    Raises PlatformUnavailable, with the block not begun, while WAITING others wait.
    """
    if not _mine.holds:
        yield
        return
    if not _outside.acquire(blocking=False):
        raise PlatformUnavailable
    _give()
    try:
        yield
    finally:
        _outside.release()
        _take()


def _take() -> None:
    _free.get()
    _mine.holds = True


def _give() -> None:
    _mine.holds = False
    _free.put(None)
