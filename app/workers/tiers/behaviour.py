"""Turning what members did on days that are over into growth: a batch of members in a transaction of its own."""

from app.flows import growth
from app.kernel import clock
from app.kernel.db import atomic

LIMIT = 500


def credit_behaviour() -> int:
    """Give growth to one batch of members for the first day that lacks it; returns to how many it looked."""
    with atomic():
        now = clock.now()
        due = growth.next_day(now=now)
        if due is None:
            return 0
        day, reached = due
        return growth.credit_day(day, after=reached, now=now, limit=LIMIT)


def credit_days() -> int:
    """Do so until no day lacks it; returns to how many members it looked."""
    looked_at = 0
    while _has_more():
        looked_at += credit_behaviour()
    return looked_at


def _has_more() -> bool:
    with atomic():
        return growth.next_day(now=clock.now()) is not None
