"""Attempts counted where they are seen, and told to the database by the handful: for acts whose round trips count.

A process counts by itself. When a handful of a bucket's attempts has come together, the database adds it to what other
processes have told, and says how many there are. The nearer that is to the limit the smaller is the next handful: one
process is exact, several let through a handful each too many at the most. Once a bucket is full nobody asks the
database about it any more until the window is over.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.verification import throttle

WINDOW_S = 60
HANDFULS = 6  # that make a limit
MOST_BUCKETS = 20_000  # counted here in a window; attempts of any others are told one by one


@dataclass(frozen=True, slots=True)
class Bound:
    """At most `limit` attempts of a bucket in a window."""

    bucket: str
    limit: int

    def spare(self, told: int) -> int:
        """How many attempts may wait until they are told, when the database knows of so many."""
        return max(min(self.limit // HANDFULS, self.limit - told), 0)


@dataclass(slots=True)
class _Tally:
    """What the database has not been told of a bucket, how much of that may wait, and whether the bucket is full."""

    spare: int
    untold: int = 0
    is_full: bool = False

    def add(self) -> int:
        """Count one; returns how many are to be told now."""
        self.untold += 1
        if self.untold <= self.spare:
            return 0
        due, self.untold = self.untold, 0
        return due


class Tallies:
    """What one process has counted in the present window. Any number of threads may count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._start: datetime | None = None
        self._tallies: dict[str, _Tally] = {}

    def count(self, bounds: Sequence[Bound], *, now: datetime) -> None:
        """Count one attempt in each of the buckets; raises Throttled (fact retry_after_s) when one of them is full."""
        start = throttle.window(WINDOW_S, now)
        for bound, number in self._noted(bounds, start, now):
            told = throttle.add(bound.bucket, number, start=start)
            self._learn(bound, told, start)
            if told > bound.limit:
                raise throttle.refusal(WINDOW_S, now)

    def clear(self) -> None:
        """Forget what was counted."""
        with self._lock:
            self._tallies = {}

    def _noted(self, bounds: Sequence[Bound], start: datetime, now: datetime) -> list[tuple[Bound, int]]:
        """Count here; returns what the database is to be told."""
        with self._lock:
            if start != self._start:
                self._start, self._tallies = start, {}
            tallies = [self._tally(bound) for bound in bounds]
            if any(tally.is_full for tally in tallies):
                raise throttle.refusal(WINDOW_S, now)
            due = [(bound, tally.add()) for bound, tally in zip(bounds, tallies, strict=True)]
        return [(bound, number) for bound, number in due if number]

    def _tally(self, bound: Bound) -> _Tally:
        found = self._tallies.get(bound.bucket)
        if found is None:
            is_crowded = len(self._tallies) >= MOST_BUCKETS
            found = _Tally(0 if is_crowded else bound.spare(0))
            if not is_crowded:
                self._tallies[bound.bucket] = found
        return found

    def _learn(self, bound: Bound, told: int, start: datetime) -> None:
        with self._lock:
            tally = self._tallies.get(bound.bucket) if start == self._start else None
            if tally is not None:
                tally.spare, tally.is_full = bound.spare(told), told > bound.limit
