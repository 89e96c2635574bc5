"""Counting how complete profiles are, a mall in a transaction of its own."""

from app.insights.profiles import days
from app.kernel import clock
from app.kernel.db import atomic
from app.malls import queries as malls


def count_profiles() -> int:
    """Count the malls that have no row of today; returns how many that were."""
    today = clock.business_date(clock.now())
    with atomic():
        waiting = days.list_uncounted([mall.id for mall in malls.list_malls()], day=today)
    for mall_id in waiting:
        with atomic():
            days.count(mall_id, day=today, now=clock.now())
    return len(waiting)
