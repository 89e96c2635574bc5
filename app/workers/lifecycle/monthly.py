"""Counting the figures of months after a night, and again while facts may still be told late."""

from app.insights.monthly import counting
from app.kernel.db import atomic
from app.lifecycle.stages import nights


def count_months(*, limit: int) -> int:
    """Count months that are due, the latest first, each in a transaction of its own; returns how many.

    Any number of workers may run at once: each takes another month.
    """
    done = 0
    while done < limit and _count_next():
        done += 1
    return done


def _count_next() -> bool:
    with atomic():
        night = nights.find_last()
        month = None if night is None else counting.lock_due(night.day)
        if night is None or month is None:
            return False
        counting.count(month, night_day=night.day)
        return True
