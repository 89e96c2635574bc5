"""Giving what tiers give by the calendar: members are found by the page, and given to in a transaction each."""

import logging

from app.benefits.tier_benefits import allowances as progress
from app.flows import allowances
from app.kernel import clock
from app.kernel.db import atomic
from app.malls import queries as malls

logger = logging.getLogger(__name__)
LIMIT = 500


def give_allowances() -> int:
    """Give everybody what is due today in every mall; goes on where it was. Returns how many coupons were given."""
    with atomic():
        mall_ids = [mall.id for mall in malls.list_malls()]
    return sum(_give_in(mall_id) for mall_id in mall_ids)


def _give_in(mall_id: int) -> int:
    given = 0
    while (coupons := _give_page(mall_id)) is not None:
        given += coupons
    return given


def _give_page(mall_id: int) -> int | None:
    """One page; None when there is nothing more to do today."""
    now = clock.now()
    with atomic():
        work = allowances.find_work(mall_id, now=now)
        if work is None:
            return None
        day, reached = work
        missing, last = allowances.list_missing(mall_id, after=reached, now=now, limit=LIMIT)
    given = sum(_give_one(member_id) for member_id in missing)
    with atomic():
        progress.note_reached(mall_id, day, reached if last is None else last, now if last is None else None)
    return given


def _give_one(member_id: int) -> int:
    """What one member is due; one that fails costs the others nothing and is tried again tomorrow."""
    try:
        with atomic():
            return allowances.give_missing(member_id, now=clock.now())
    except Exception:
        logger.exception("allowances were not given", extra={"member_id": member_id})
        return 0
