"""Keeping what clients tell of their members' acts, once each."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, DateTime, Text, bindparam, column, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import TypeEngine

from app.behaviour import facts
from app.behaviour.models import BehaviourEvent
from app.behaviour.rules import OLDEST, Event
from app.kernel import clock
from app.kernel.db import db, table_of
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


def _written() -> Prepared:
    arrays = [bindparam(f"{name}_s", type_=ARRAY(kind)) for name, kind in _TOLD.items()]
    columns = [column(name, kind) for name, kind in _TOLD.items()]
    told = func.unnest(*arrays).table_valued(*columns, name="told").render_derived()
    common = [bindparam(name, type_=_EVENTS.c[name].type) for name in _COMMON]
    rows = insert(_EVENTS).from_select([*_COMMON, *_TOLD], select(*common, *told.c))
    return Prepared(rows.on_conflict_do_nothing().returning(_EVENTS.c.event_id))


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
    fresh = {one.event_id: one for one in sorted(told, key=_id_of) if one.event_id not in known}
    if not fresh:
        return 0
    arrays = {f"{name}_s": [getattr(one, name) for one in fresh.values()] for name in _TOLD}
    new = _WRITE.all(member_id=member_id, month=month, received_at=now, **arrays)
    _note_days(member_id, (fresh[row.event_id] for row in new))
    return len(new)


def _id_of(event: Event) -> str:
    return event.event_id


def _find_known_before(member_id: int, told: Sequence[Event], *, month: date, now: datetime) -> set[str]:
    """Which of the events came last month: when a month is young, a client may repeat a batch of the one before.

    A client has one batch under way at a time, so what it repeats is there to be seen.
    """
    if now - clock.start_of_day(month) > OLDEST:
        return set()
    before = clock.first_of_month(month - timedelta(days=1))
    rows = _KNOWN.all(member_id=member_id, month=before, event_ids=[one.event_id for one in told])
    return {row.event_id for row in rows}


def _note_days(member_id: int, new: Iterable[Event]) -> None:
    """One row a day, of the first that was told of it. Browsing is in no mall."""
    days: dict[date, Event] = {}
    for event in sorted(new, key=lambda one: one.occurred_at):
        days.setdefault(clock.business_date(event.occurred_at), event)
    for day, first in days.items():
        timeline.record(
            member_id,
            kind=EventKind.BROWSED,
            fact=facts.browsing(day),
            occurred_at=first.occurred_at,
            source=first.scene,
        )


def forget(member_ids: Collection[int]) -> None:
    """Delete all events of the members; that they browsed on a day stays on the timeline."""
    db.session.execute(delete(BehaviourEvent).where(BehaviourEvent.member_id.in_(member_ids)))
