"""Counting the weeks of entrances, each of a mall in a transaction of its own."""

from collections.abc import Callable
from datetime import date

from app.insights.entrances import weeks
from app.kernel import clock
from app.kernel.db import atomic
from app.malls import queries as malls


def count_open() -> int:
    """Count the weeks under way of every mall, every ten minutes, and those never counted; returns how many."""
    return _count(weeks.list_open)


def count_closed() -> int:
    """Count the weeks before these anew, because their members go on buying; returns how many."""
    return _count(weeks.list_closed)


def _count(which: Callable[..., list[date]]) -> int:
    with atomic():
        waiting = [(mall.id, week) for mall in malls.list_malls() for week in which(mall.id, now=clock.now())]
    for mall_id, week in waiting:
        with atomic():
            weeks.count(mall_id, week, now=clock.now())
    return len(waiting)
