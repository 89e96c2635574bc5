"""Which tags follow from the sums of `facts_sql`: a query for each kind, all of them one set of rows.

Each row is a tag: member_id, kind, value, weight (0 to 1) and evidence. What a tag asks for stands in `rules.py`.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Double,
    FromClause,
    Select,
    Table,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.selectable import CompoundSelect

from app.lifecycle.causes import queries as causes
from app.lifecycle.causes.rules import Cause
from app.lifecycle.tags.computed.facts_sql import BOUGHT, BROWSED, SPARED, VISITED
from app.lifecycle.tags.computed.rules import (
    CHILDREN,
    CHILDREN_CATEGORY,
    DRIVES,
    FREQUENT,
    SHARES,
    Browsing,
    Price,
    Stay,
    TagKind,
    Thresholds,
)

_ALL_BPS = 10_000
_LEAST_TIMES = 2  # what happened once is no habit


def found(by: Thresholds) -> CompoundSelect[Any]:
    """Every tag that anybody has, whatever it weighs."""
    return union_all(
        _of_purchases(TagKind.CATEGORY, BOUGHT.c.category, by.category_bps, by),
        _of_purchases(TagKind.BRAND, BOUGHT.c.brand, by.brand_bps, by),
        _of_purchases(TagKind.ZONE, BOUGHT.c.zone, by.zone_bps, by),
        _family(by),
        _price(by),
        _frequent(by),
        _of_visits(TagKind.WEEK, VISITED.c.week, by.week_bps, by),
        _of_visits(TagKind.HOURS, VISITED.c.hours, by.hours_bps, by),
        _parking(by),
        _stay(by),
        _browses_often(by),
        _browses_deep(by),
        _shares(by),
    )


def _tag(
    person: ColumnElement[int],
    kind: TagKind,
    value: ColumnElement[Any] | str,
    weight: ColumnElement[Any],
    **evidence: ColumnElement[Any],
) -> Select[Any]:
    told = [part for name, number in evidence.items() for part in (name, number)]
    return select(
        person.label("member_id"),
        literal(kind.value).label("kind"),
        (literal(value) if isinstance(value, str) else value).label("value"),
        weight.label("weight"),
        func.jsonb_build_object(*told, type_=JSONB()).label("evidence"),
    )


def _full(weighed: ColumnElement[Any], least: int) -> ColumnElement[Any]:
    """From 0 to 1: how much of the least that is asked for is left, by age."""
    return func.least(weighed / float(least), 1.0)


def _bps(share: ColumnElement[Any]) -> ColumnElement[Any]:
    return share * _ALL_BPS


def _all_of(table: Table, *dimensions: str) -> FromClause:
    """The rows of a table that stand for everything of a person."""
    nothing = [table.c[name].is_(None) for name in dimensions]
    return select(table).where(*nothing).subquery(f"all_{table.name}")


def _of_purchases(kind: TagKind, value: Column[Any], least_bps: int, by: Thresholds) -> Select[Any]:
    one, every = BOUGHT.c, _all_of(BOUGHT, "category", "brand", "zone").c
    share = one.weighed / every.weighed
    tag = _tag(
        one.member_id, kind, value, share * _full(every.weighed, by.least_purchases), times=one.times, of=every.times
    )
    return tag.join(every.member_id.table, every.member_id == one.member_id).where(
        value.is_not(None),
        every.times >= by.least_purchases,
        one.times >= _LEAST_TIMES,
        _bps(share) >= least_bps,
    )


def _family(by: Thresholds) -> Select[Any]:
    one, every = BOUGHT.c, _all_of(BOUGHT, "category", "brand", "zone").c
    tag = _tag(
        one.member_id,
        TagKind.FAMILY,
        CHILDREN,
        _full(one.weighed, by.family_purchases),
        times=one.times,
        of=every.times,
    )
    return tag.join(every.member_id.table, every.member_id == one.member_id).where(
        one.category == CHILDREN_CATEGORY, one.times >= by.family_purchases
    )


def _price(by: Thresholds) -> Select[Any]:
    """By the share of the full price that coupons spared; who pays in full spared next to nothing.

    Of whom the price keeps away it is not said that they pay in full: their purchases with coupons may lie before the
    window, which goes on while they stay away.
    """
    every = _all_of(BOUGHT, "category", "brand", "zone").c
    spared = func.coalesce(SPARED.c.fen, 0)
    spared_weighed = func.coalesce(SPARED.c.fen_weighed, 0.0)
    share = _bps(spared_weighed / func.nullif(spared_weighed + every.paid_weighed, 0))
    is_sensitive = share >= by.price_sensitive_bps
    is_full = (share <= by.price_full_bps) & every.member_id.not_in(causes.who_stays_away_for(Cause.PRICE))
    strong = cast(func.least(share / float(2 * by.price_sensitive_bps), 1.0), Double)
    value = case((is_sensitive, Price.SENSITIVE.value), (is_full, Price.FULL.value))
    weight = case((is_sensitive, strong), else_=1.0) * _full(every.weighed, by.least_purchases)
    tag = _tag(
        every.member_id,
        TagKind.PRICE,
        value,
        weight,
        times=func.coalesce(SPARED.c.times, 0),
        of=every.times,
        spared_fen=spared,
        paid_fen=every.paid_fen,
    )
    rows = every.member_id.table.outerjoin(SPARED, SPARED.c.member_id == every.member_id)
    return tag.select_from(rows).where(every.times >= by.least_purchases, value.is_not(None))


def _frequent(by: Thresholds) -> Select[Any]:
    every = _all_of(VISITED, "week", "hours").c
    weight = _full(every.weighed, by.frequent_visits // 2)
    return _tag(every.member_id, TagKind.FREQUENCY, FREQUENT, weight, times=every.times).where(
        every.times >= by.frequent_visits
    )


def _of_visits(kind: TagKind, value: Column[Any], least_bps: int, by: Thresholds) -> Select[Any]:
    one, every = VISITED.c, _all_of(VISITED, "week", "hours").c
    share = one.weighed / func.nullif(every.weighed, 0)
    tag = _tag(
        one.member_id, kind, value, share * _full(every.weighed, by.least_visits), times=one.times, of=every.times
    )
    return tag.join(every.member_id.table, every.member_id == one.member_id).where(
        value.is_not(None), every.times >= by.least_visits, _bps(share) >= least_bps
    )


def _parking(by: Thresholds) -> Select[Any]:
    every = _all_of(VISITED, "week", "hours").c
    share = every.parked_weighed / func.nullif(every.weighed, 0)
    weight = share * _full(every.weighed, by.least_visits)
    tag = _tag(every.member_id, TagKind.PARKING, DRIVES, weight, times=every.parked, of=every.times)
    return tag.where(every.parked >= by.least_visits, _bps(share) >= by.parking_bps)


def _stay(by: Thresholds) -> Select[Any]:
    every = _all_of(VISITED, "week", "hours").c
    average = every.minutes / func.nullif(every.stays, 0)
    value = case(
        (average >= by.long_stay_minutes, Stay.LONG.value), (average <= by.short_stay_minutes, Stay.SHORT.value)
    )
    weight = _full(every.stays_weighed, by.least_visits)
    tag = _tag(every.member_id, TagKind.STAY, value, weight, times=every.stays, minutes=cast(average, BigInteger))
    return tag.where(every.stays >= by.least_visits, value.is_not(None))


def _browses_often(by: Thresholds) -> Select[Any]:
    every = _all_of(VISITED, "week", "hours").c
    weight = _full(every.browsed_weighed, by.browsed_days // 2 or 1)
    return _tag(every.member_id, TagKind.BROWSING, Browsing.OFTEN.value, weight, times=every.browsed).where(
        every.browsed >= by.browsed_days
    )


def _browses_deep(by: Thresholds) -> Select[Any]:
    one = BROWSED.c
    weight = _full(one.days_weighed, by.least_visits)
    tag = _tag(one.member_id, TagKind.BROWSING, Browsing.DEEP.value, weight, times=one.days, pages=one.pages)
    return tag.where(and_(one.days >= by.least_visits, one.pages >= one.days * by.browsed_pages))


def _shares(by: Thresholds) -> Select[Any]:
    one = BROWSED.c
    tag = _tag(one.member_id, TagKind.SHARING, SHARES, _full(one.shares_weighed, by.least_shares), times=one.shares)
    return tag.where(one.shares >= by.least_shares)
