"""Request slots: few requests work at a time, many may wait for a platform.

Python runs one thread at a time, so more threads that work only slow one another down (`script/bench redemption`). But
a platform that takes seconds to answer must not keep the tills waiting. So the server has many threads and a process
only a few slots. A request works while it holds a slot, and gives the slot up while it waits for a platform. The number
that may wait is limited, too: when so many wait that the platform is as good as away, the next request is refused at
once. How many of each: `SizeSettings` (app.kernel.settings).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue

from app.kernel.errors import PlatformUnavailable


class RequestSlots:
    """The slots of one application: `working` requests hold one, `waiting` others may wait for a platform.

    `before_waiting` lets go of what a request holds besides, so that it holds it up for nobody.
    """

    def __init__(self, *, working: int, waiting: int, before_waiting: Callable[[], None] = lambda: None) -> None:
        self._before_waiting = before_waiting
        self._free: SimpleQueue[None] = SimpleQueue()
        for _ in range(working):
            self._free.put(None)
        self._waiting = threading.BoundedSemaphore(waiting)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a free slot and hold it for the block."""
        self._take()
        try:
            yield
        finally:
            self._give_back()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Leave this thread's slot to others for the block; raises PlatformUnavailable when too many do."""
        self._before_waiting()
        if not self._waiting.acquire(blocking=False):
            raise PlatformUnavailable
        self._give_back()
        try:
            yield
        finally:
            self._waiting.release()
            self._take()

    def _take(self) -> None:
        self._free.get()
        _thread.slots = self

    def _give_back(self) -> None:
        _thread.slots = None
        self._free.put(None)


class _Thread(threading.local):
    slots: RequestSlots | None = None  # those of which this thread holds one


_thread = _Thread()


@contextmanager
def given_up() -> Iterator[None]:
    """Let other requests work during the block, which waits for a platform.

    A thread that holds no slot (a job, a command) just runs the block. Raises PlatformUnavailable, with the block not
    begun, when as many requests wait for platforms as may.
    """
    slots = _thread.slots
    if slots is None:
        yield
        return
    with slots.lent():
        yield
