"""Giving points for acts of days that are over: a batch of members in a transaction of its own."""

from app.flows.points import acts
from app.kernel import clock
from app.kernel.db import atomic

LIMIT = 200


def credit_acts() -> tuple[int, bool]:
    """Credit one batch of the first day that lacks it; returns how many entries that wrote, and whether more waits."""
    now = clock.now()
    with atomic():
        due = acts.next_day(now=now)
        if due is None:
            return 0, False
        day, reached = due
        given = acts.credit_day(day, after=reached, now=now, limit=LIMIT)
        return given, acts.next_day(now=now) is not None
