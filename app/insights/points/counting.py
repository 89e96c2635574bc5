"""Counting points by day: days that are over, whenever their entries and those kept are not as many; twice is once."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.insights.points.models import PointsDay, PointsDue
from app.insights.points.rules import IDLE_DAYS
from app.kernel import clock
from app.kernel.db import db, table_of, take_long
from app.kernel.lists.days import day_of
from app.lifecycle.stages.models import MemberStage
from app.points.earning.extras import Payer
from app.points.ledger.models import EntryKind, HoldStatus, PointsEntry, PointsHold, PointsHoldUse, PointsLot, PointsUse
from app.points.proof import ways
from app.points.proof.models import NO_MALL
from app.points.proof.ways import Way

BUYING = "purchase"  # the reason of what buying earned, and the source of its base
_DAYS = table_of(PointsDay)
_GROUPS = ("mall_id", "day", "way", "source", "payer")


def count_days(*, today: date) -> int:
    """Count the days before today that are not counted, or not as they are now; returns how many that were."""
    take_long()
    db.session.execute(text("LOCK TABLE points_days IN SHARE ROW EXCLUSIVE MODE"))  # one at a time; pages go on reading
    days = _stale(today)
    if days:
        db.session.execute(delete(_DAYS).where(_DAYS.c.day.in_(days)))
        db.session.execute(insert(_DAYS).from_select([*_GROUPS, "points", "entries"], _summed(days)))
    return len(days)


def _stale(today: date) -> Sequence[date]:
    """Days whose entries are not as many as those that were counted. Entries are never changed, so no more is asked."""
    day = day_of(PointsEntry.occurred_at).label("day")
    there = (
        select(day, func.count().label("entries"))
        .where(PointsEntry.occurred_at < clock.start_of_day(today))
        .group_by(day)
        .subquery("there")
    )
    kept = select(_DAYS.c.day, func.sum(_DAYS.c.entries).label("entries")).group_by(_DAYS.c.day).subquery("kept")
    differing = (
        select(there.c.day)
        .outerjoin(kept, kept.c.day == there.c.day)
        .where(func.coalesce(kept.c.entries, 0) != there.c.entries)
        .order_by(there.c.day)
    )
    return db.session.scalars(differing).all()


def _summed(days: Sequence[date]) -> Select[Any]:
    parts = union_all(_explained(days), _expired(days), _others(days)).subquery("parts")
    groups = [parts.c[name] for name in _GROUPS]
    return select(
        *groups,
        cast(func.sum(parts.c.points), BigInteger).label("points"),
        cast(func.sum(parts.c.entries), BigInteger).label("entries"),
    ).group_by(*groups)


def _rows(
    days: Sequence[date], mall_id: Any, way: Any, source: Any, payer: Any, points: Any, entries: Any
) -> Select[Any]:
    """Entries of the days, or parts of them, as rows to be summed."""
    entry = PointsEntry
    begin, end = clock.start_of_day(days[0]), clock.end_of_day(days[-1])
    return select(
        func.coalesce(mall_id, NO_MALL).label("mall_id"),
        day_of(entry.occurred_at).label("day"),
        way.label("way"),
        source.label("source"),
        payer.label("payer"),
        cast(points, BigInteger).label("points"),
        cast(entries, Integer).label("entries"),
    ).where(entry.occurred_at >= begin, entry.occurred_at < end, day_of(entry.occurred_at).in_(days))


def _explained(days: Sequence[date]) -> Select[Any]:
    """What was earned and tells its parts: the base first, then a row for each extra."""
    entry = PointsEntry
    parts = (
        func.jsonb_array_elements(entry.breakdown["parts"], type_=JSONB)
        .table_valued(column("value", JSONB), with_ordinality="number", name="part")
        .render_derived()
    )
    value = parts.c.value
    source = func.coalesce(value["extra"]["kind"].astext, entry.breakdown["act"]["kind"].astext, BUYING)
    payer, points = value["payer"].astext, value["points"].astext
    is_first = case((parts.c.number == 1, 1), else_=0)
    rows = _rows(days, entry.mall_id, literal(Way.ACCRUED.value), source, payer, points, is_first)
    return rows.select_from(entry).join(parts, true()).where(_is(EntryKind.ACCRUE), entry.breakdown.is_not(None))


def _expired(days: Sequence[date]) -> Select[Any]:
    """What ran out, in the mall whose points they were."""
    entry, use, lot = PointsEntry, PointsUse, PointsLot
    given = PointsEntry.__table__.alias("given")
    way, source = literal(Way.EXPIRED.value), entry.reason_code
    return (
        _rows(days, given.c.mall_id, way, source, literal(""), entry.points, literal(1))
        .select_from(entry)
        .join(use, and_(use.member_id == entry.member_id, use.entry_id == entry.id))
        .join(lot, and_(lot.member_id == use.member_id, lot.id == use.lot_id))
        .join(given, and_(given.c.member_id == lot.member_id, given.c.id == lot.entry_id))
        .where(_is(EntryKind.EXPIRE))
    )


def _others(days: Sequence[date]) -> Select[Any]:
    """All other entries as they are; what was earned before parts were kept was paid by the merchant."""
    entry = PointsEntry
    is_earned = _is(EntryKind.ACCRUE)
    by_buying = case((entry.reason_code == BUYING, Payer.MERCHANT.value), else_=Payer.MALL.value)
    payer = case((is_earned, by_buying), else_="")
    rows = _rows(days, entry.mall_id, _way(), entry.reason_code, payer, entry.points, literal(1))
    is_explained = and_(is_earned, entry.breakdown.is_not(None))
    return rows.select_from(entry).where(~is_explained, ~_is(EntryKind.EXPIRE))


def _is(kind: EntryKind) -> ColumnElement[bool]:
    return PointsEntry.kind == kind.value


def _way() -> ColumnElement[str]:
    """The way of an entry, as `ways.way_of` says it."""
    entry, told = PointsEntry, []
    for kind in ways.kinds():
        for is_gain in (True, False):
            sign = entry.points > 0 if is_gain else entry.points < 0
            way = ways.way_of(kind, is_gain=is_gain, is_forgiven=False)
            told.append((and_(_is(kind), sign), way.value))
    return case((entry.reason_code == ways.FORGIVEN, Way.FORGIVEN.value), *told)


def count_due(*, today: date) -> int:
    """Count what members can still spend as today begins, in place of an earlier count; returns how many rows."""
    take_long()
    due = table_of(PointsDue)
    db.session.execute(delete(due).where(due.c.day == today))
    left = union_all(_left(today), _held()).subquery("left_over")
    stage, points = MemberStage, cast(func.sum(left.c.points), BigInteger)
    is_idle = stage.last_behaviour_on < today - timedelta(days=IDLE_DAYS)  # of whom no night has seen nobody says so
    counted = (
        select(
            literal(today, due.c.day.type),
            left.c.mall_id,
            left.c.month,
            points,
            func.coalesce(cast(func.sum(left.c.points).filter(is_idle), BigInteger), 0),
        )
        .outerjoin_from(left, stage, stage.member_id == left.c.member_id)
        .group_by(left.c.mall_id, left.c.month)
    )
    db.session.execute(insert(due).from_select(["day", "mall_id", "month", "points", "idle_points"], counted))
    return db.session.scalar(select(func.count()).where(due.c.day == today)) or 0


def _lots(points: Any) -> Select[Any]:
    """Points of lots, with their member, the mall that gave them and the month they run out in."""
    lot, entry = PointsLot, PointsEntry
    month = cast(func.date_trunc("month", lot.expires_on), table_of(PointsDue).c.month.type)
    return (
        select(
            lot.member_id,
            func.coalesce(entry.mall_id, NO_MALL).label("mall_id"),
            month.label("month"),
            points.label("points"),
        )
        .select_from(lot)
        .join(entry, and_(entry.member_id == lot.member_id, entry.id == lot.entry_id))
    )


def _left(today: date) -> Select[Any]:
    lot = PointsLot
    return _lots(lot.remaining_points).where(lot.remaining_points > 0, lot.expires_on >= today)


def _held() -> Select[Any]:
    """What is set aside is owed as well, and does not run out meanwhile."""
    use, hold = PointsHoldUse, PointsHold
    return (
        _lots(use.points)
        .join(use, and_(use.member_id == PointsLot.member_id, use.lot_id == PointsLot.id))
        .join(hold, and_(hold.member_id == use.member_id, hold.id == use.hold_id))
        .where(hold.status == HoldStatus.OPEN.value)
    )
