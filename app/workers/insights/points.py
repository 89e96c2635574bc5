"""Counting what points came to by day, and what is still to be spent."""

from app.insights.points import counting, watching
from app.kernel import clock
from app.kernel.db import atomic


def count_points() -> tuple[int, int]:
    """Count the days that are over and what is due today, and watch the rate; returns how many days and rows."""
    now = clock.now()
    today = clock.business_date(now)
    with atomic():
        days, rows = counting.count_days(today=today), counting.count_due(today=today)
    with atomic():
        watching.watch(today=today, now=now)
    return days, rows
