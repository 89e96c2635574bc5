"""Standings by the thousand: whoever has risen, found in one statement."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select

from app.kernel import clock
from app.kernel.db import db
from app.kernel.fastpath.copies import copy_in
from app.tiers.growth import growth
from app.tiers.growth.growth import Entered
from app.tiers.ladders import ladders
from app.tiers.ladders.rules import Ladder
from app.tiers.standings import rules, standings
from app.tiers.standings.models import TierStanding, Why

_COLUMNS = ("member_id", "tier_code", "began_at", "ends_at", "why", "counted")


def follow_all(values: Mapping[int, int], *, now: datetime) -> None:
    """Move members, whose accounts are held and have these values now, to where their growth takes them."""
    ladder = ladders.find(clock.business_date(now))
    if ladder is None:
        return
    second = ladder.rungs[1].threshold
    grown = sorted(member_id for member_id, value in values.items() if value >= second)
    if not grown:
        return
    standing = _standing(grown)
    counted = growth.counted_of(grown, after=ladder.window_start(now), until=now)
    fresh = {one: counted.get(one, 0) for one in grown if one not in standing}
    risen = [_row(one, ladder, value, now=now) for one, value in fresh.items() if value >= second]
    copy_in(TierStanding, _COLUMNS, risen)
    for member_id in standing:
        standings.follow(member_id, Entered(values[member_id], 1), now=now)


def _standing(member_ids: list[int]) -> list[int]:
    rows = select(TierStanding.member_id).where(
        TierStanding.member_id == func.any(bindparam("ids", member_ids, type_=ARRAY(BigInteger()))),
        TierStanding.replaced_at.is_(None),
    )
    return sorted(db.session.scalars(rows))


def _row(member_id: int, ladder: Ladder, counted: int, *, now: datetime) -> tuple[object, ...]:
    held = rules.begin(ladder, ladder.reached(counted).code, at=now, why=Why.RISEN, counted=counted)
    return member_id, held.tier, held.began_at, held.ends_at, held.why.value, held.counted
