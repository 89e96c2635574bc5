"""Keeping what clients tell of their members' acts, once each."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Date, DateTime, Text, bindparam, cast, column, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by, insert
from sqlalchemy.types import TypeEngine

from app.behaviour import facts
from app.behaviour.models import BehaviourEvent
from app.behaviour.rules import OLDEST, Event
from app.kernel import clock
from app.kernel.db import Moment, db, table_of
from app.kernel.fastpath.prepared import Prepared
from app.timeline import events as timeline
from app.timeline.models import EventKind

_EVENTS = table_of(BehaviourEvent)
# What an event says of itself, by its columns.
_TOLD: dict[str, TypeEngine[Any]] = {
    "event_id": Text(),
    "kind": Text(),
    "occurred_at": DateTime(timezone=True),
    "page": Text(),
    "subject": Text(),
    "words": Text(),
    "seconds": BigInteger(),
    "scene": Text(),
}
_COMMON = ("member_id", "month", "received_at")
_ID = attrgetter("event_id")


def _written() -> Prepared:
    """Writes what is new, and tells of each day how much that was, when it began and through which entrance.

    The rows go in as one JSON text, which the driver hands on as it is: of arrays it would read every value.
    """
    columns = [column(name, kind) for name, kind in _TOLD.items()]
    told = func.jsonb_to_recordset(bindparam("told", type_=JSONB)).table_valued(*columns, name="told")
    told = told.render_derived(with_types=True)
    common = [bindparam(name, type_=_EVENTS.c[name].type) for name in _COMMON]
    rows = insert(_EVENTS).from_select([*_COMMON, *_TOLD], select(*common, *told.c)).on_conflict_do_nothing()
    new = rows.returning(_EVENTS.c.occurred_at, _EVENTS.c.scene).cte("new")
    day = cast(func.timezone(clock.MALL_ZONE.key, new.c.occurred_at), Date).label("day")
    first = func.min(new.c.occurred_at, type_=Moment()).label("first_at")
    scene = func.array_agg(aggregate_order_by(new.c.scene, new.c.occurred_at), type_=ARRAY(Text()))
    count = func.count().label("count")
    return Prepared(select(day, count, first, scene[1].label("scene")).group_by(day))


_WRITE = _written()
_KNOWN = Prepared(
    select(_EVENTS.c.event_id).where(
        _EVENTS.c.member_id == bindparam("member_id"),
        _EVENTS.c.month == bindparam("month"),
        _EVENTS.c.event_id == func.any(bindparam("event_ids", type_=ARRAY(Text()))),
    )
)


def record(member_id: int, told: Sequence[Event], *, now: datetime) -> int:
    """Keep the events that are not known yet, and one row on the timeline for each day; returns how many were new.

    They are written in the order of their ids, so that two who tell the same wait for each other.
    """
    month = clock.first_of_month(clock.business_date(now))
    known = _find_known_before(member_id, told, month=month, now=now)
    fresh = {one.event_id: one for one in sorted(told, key=_ID) if one.event_id not in known}
    if not fresh:
        return 0
    days = _WRITE.all(member_id=member_id, month=month, received_at=now, told=[_row(one) for one in fresh.values()])
    for day in days:
        _note_day(member_id, day)
    return sum(day.count for day in days)


def _row(event: Event) -> dict[str, Any]:
    return {**event._asdict(), "occurred_at": event.occurred_at.isoformat()}


def _find_known_before(member_id: int, told: Sequence[Event], *, month: date, now: datetime) -> set[str]:
    """Which of the events came last month: when a month is young, a client may repeat a batch of the one before.

    A client has one batch under way at a time, so what it repeats is there to be seen.
    """
    if now - clock.start_of_day(month) > OLDEST:
        return set()
    before = clock.first_of_month(month - timedelta(days=1))
    rows = _KNOWN.all(member_id=member_id, month=before, event_ids=[one.event_id for one in told])
    return {row.event_id for row in rows}


def _note_day(member_id: int, day: Any) -> None:
    """As of the first that is known of the day. Browsing is in no mall."""
    timeline.record(
        member_id,
        kind=EventKind.BROWSED,
        fact=facts.browsing(day.day),
        occurred_at=day.first_at,
        source=day.scene,
    )


def forget(member_ids: Collection[int]) -> None:
    """Delete all events of the members; that they browsed on a day stays on the timeline."""
    db.session.execute(delete(BehaviourEvent).where(BehaviourEvent.member_id.in_(member_ids)))
