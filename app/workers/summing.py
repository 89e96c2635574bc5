"""Summing what pages count by day (app.kernel.day_sums): days that are over, and those that changed afterwards."""

import logging

from app.kernel import clock, discovery
from app.kernel.day_sums import summing
from app.kernel.day_sums.series import Series
from app.kernel.db import atomic
from app.malls import queries as malls

logger = logging.getLogger(__name__)

SERIES: dict[str, Series] = discovery.merged("SERIES", named="day_sums", below=["app"])


def sum_days(*, limit: int) -> tuple[int, bool]:
    """Sum a month of so many series of malls that wait for it; returns how many did, and whether more wait.

    Any number of workers may run at once.
    """
    now, more = clock.now(), False
    with atomic():
        waiting = summing.list_waiting(SERIES, _mall_ids(), now=now)
    for name, mall_id in waiting[:limit]:
        with atomic():
            more |= summing.sum_next(SERIES[name], mall_id, now=now)
    return min(len(waiting), limit), more or len(waiting) > limit


def prove_sums() -> list[str]:
    """Sum everything once more, month by month, and mend what differs; returns which days of what did."""
    mended = list[str]()
    for name, series in SERIES.items():
        for mall_id in _all_malls():
            mended += [f"{name} {mall_id} {day}" for day in _prove(series, mall_id)]
    if mended:
        logger.warning("sums by day differed from their rows", extra={"mended": mended[:100]})
    return mended


def _prove(series: Series, mall_id: int) -> list[str]:
    wrong = list[str]()
    with atomic():
        begin = summing.find_first(series, mall_id)
    while begin is not None:
        with atomic():
            found, begin = summing.prove_month(series, mall_id, begin)
        wrong += [day.isoformat() for day in found]
    return wrong


def _all_malls() -> list[int]:
    with atomic():
        return _mall_ids()


def _mall_ids() -> list[int]:
    return [mall.id for mall in malls.list_malls()]
