"""A clock that stands still until a test moves it."""

from contextlib import ExitStack
from datetime import datetime, timedelta

from app.kernel import clock

# A Wednesday, ten in the morning on the mall's wall clock, far from the ends of day, month and year.
START = datetime(2026, 3, 11, 10, 0, tzinfo=clock.MALL_ZONE)


class StillClock:
    """Holds app.kernel.clock at one moment."""

    def __init__(self) -> None:
        self._held = ExitStack()
        self.set(START)

    def set(self, moment: datetime) -> datetime:
        """Holds the clock at an aware moment and returns it."""
        self.release()
        self._held.enter_context(clock.freeze(moment))
        return self.now

    def advance(self, **units: float) -> datetime:
        """Moves on, as `advance(days=2, hours=1)`; returns the new moment."""
        return self.set(self.now + timedelta(**units))

    def release(self) -> None:
        self._held.close()

    @property
    def now(self) -> datetime:
        return clock.now()
