"""Reading where members stand at a moment, right whether or not the job has written what the end of a period made."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    bindparam,
    cast,
    func,
    or_,
    select,
)

from app.kernel import clock
from app.kernel.db import Moment, db
from app.kernel.fastpath import arrays
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.tiers.growth import growth
from app.tiers.growth.models import GrowthEntry
from app.tiers.ladders import documents, ladders
from app.tiers.ladders.rules import Ladder
from app.tiers.standings import standings
from app.tiers.standings.models import TierStanding
from app.tiers.standings.rules import Held
from app.tiers.standings.standings import Stand

ORDER = Order(TierStanding.id.desc())

_MONTHS = cast(ladders.DOCUMENT["period_months"].astext, Integer)
# `Ladder.counts_after` entry by entry: a standing that began with it would not be over today.
_UNTIL = cast(func.timezone(clock.MALL_ZONE.key, GrowthEntry.occurred_at), Date) + func.make_interval(0, _MONTHS)
# A member's growth that counts for rising now, within another statement, by its parameters `member_id` and `today`.
COUNTING = func.coalesce(
    select(cast(func.greatest(growth.COUNTING, 0), BigInteger))
    .where(
        GrowthEntry.member_id == bindparam("member_id"),
        or_(_MONTHS.is_(None), _UNTIL > bindparam("today", type_=Date())),
    )
    .scalar_subquery(),
    0,
)


def stand_of(member_id: int, *, now: datetime) -> Stand:
    """Where a member stands now, by the ladder of today."""
    stand = standings.read(member_id, now=now)
    if stand is None:
        raise ValueError("a group has a ladder from its beginning")
    return Stand(stand.ladder, _at(member_id, stand.held, now))


def resolve(member_id: int, document: Mapping[str, Any], held: Held | None, *, now: datetime) -> Stand:
    """The same of a ladder's document and a standing that were read already."""
    return Stand(documents.to_ladder(document), _at(member_id, held, now))


def _at(member_id: int, held: Held | None, at: datetime) -> Held | None:
    """What a row's standing has become by a moment."""
    return ([held] + standings.ends_of(member_id, held, now=at))[-1]


def codes_of(member_ids: Collection[int], *, now: datetime) -> dict[int, str]:
    """The tier of each member; who has no standing is on the lowest."""
    return _codes_of(member_ids, ladders.in_force(clock.business_date(now)), now=now)


def _codes_of(member_ids: Collection[int], ladder: Ladder, *, now: datetime) -> dict[int, str]:
    lowest = ladder.rungs[0].code
    rows = db.session.scalars(
        select(TierStanding).where(
            TierStanding.member_id == func.any(bindparam("ids", list(member_ids), type_=ARRAY(BigInteger()))),
            TierStanding.replaced_at.is_(None),
        )
    )
    held = {row.member_id: _at(row.member_id, standings.to_held(row), now) for row in rows}
    return {one: lowest if (found := held.get(one)) is None else found.tier for one in member_ids}


def tiers_of(member_ids: Collection[int], *, now: datetime) -> dict[int, str]:
    """The name of each member's tier."""
    ladder = ladders.in_force(clock.business_date(now))
    return {one: ladder.rung_of(code).name for one, code in _codes_of(member_ids, ladder, now=now).items()}


def tier_codes_at(wanted: Collection[tuple[int, date]]) -> Mapping[tuple[int, date], str]:
    """The tier of each member at the end of the day beside them."""
    if not wanted:
        return {}
    ends = {(member_id, clock.end_of_day(day)): (member_id, day) for member_id, day in wanted}
    found = {ends[one]: _at(one[0], held, one[1]) for one, held in _held_at(list(ends)).items()}
    lowest = ladders.in_force(max(day for _, day in wanted)).rungs[0].code  # the lowest is the same on every ladder
    return {one: lowest if (held := found.get(one)) is None else held.tier for one in wanted}


def _held_at(wanted: Sequence[tuple[int, datetime]]) -> dict[tuple[int, datetime], Held]:
    kinds: arrays.Kinds = {"member_id": BigInteger(), "at": Moment()}
    asked = arrays.table_of_rows("asked", kinds)
    rows = db.session.execute(
        select(asked.c.at, TierStanding)
        .join(TierStanding, TierStanding.member_id == asked.c.member_id)
        .where(
            TierStanding.began_at < asked.c.at,
            or_(TierStanding.replaced_at.is_(None), TierStanding.replaced_at >= asked.c.at),
        ),
        arrays.parameters(kinds, wanted),
    )
    return {(row.member_id, at): standings.to_held(row) for at, row in rows.tuples()}


def list_standings(*wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST) -> Page[TierStanding]:
    """A page of standings, the newest first if not asked otherwise."""
    return keyset.scalars(select(TierStanding).where(*wanted), order, asked)
