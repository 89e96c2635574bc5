"""Acts in the mini-program that come in by the thousand leave the rows that the endpoint leaves."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.behaviour import behaviour, bulk
from app.behaviour.models import BehaviourEvent, BehaviourKind
from app.behaviour.rules import Event
from app.identity.models import Member
from app.kernel.db import db
from app.timeline.models import TimelineEvent
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.support.clock import StillClock


def acts(begun: datetime) -> list[Event]:
    """Of two days, the later of which was begun through an entrance."""
    later = begun + timedelta(days=1)
    return [
        Event("event-0001", BehaviourKind.OPEN, begun, None, None, None, None, ""),
        Event("event-0002", BehaviourKind.PAGE, begun + timedelta(seconds=8), "stores", None, None, None, ""),
        Event("event-0003", BehaviourKind.SEARCH, begun + timedelta(seconds=20), None, None, "火锅", None, ""),
        Event("event-0004", BehaviourKind.OPEN, later, None, None, None, None, "lift-3"),
        Event("event-0005", BehaviourKind.DWELL, later + timedelta(seconds=9), "stores", None, None, 9, ""),
    ]


def rows(member: Member) -> list[tuple[Any, ...]]:
    event, day = BehaviourEvent, TimelineEvent
    told = select(event.event_id, event.month, event.kind, event.occurred_at, event.received_at, event.page)
    more = told.add_columns(event.subject, event.words, event.seconds, event.scene)
    noted = select(day.kind, day.fact, day.occurred_at, day.mall_id, day.store_id, day.source)
    return [
        *map(tuple, db.session.execute(more.where(event.member_id == member.id).order_by(event.event_id))),
        *map(tuple, db.session.execute(noted.where(day.member_id == member.id).order_by(day.occurred_at))),
    ]


def test_acts_in_bulk_leave_the_rows_of_those_told_one_by_one(clock: StillClock) -> None:
    mall = make_mall()
    one, other = make_member(mall), make_member(mall)
    told = acts(clock.now)
    for event in told:
        assert behaviour.record(one.id, [event], now=event.occurred_at) == 1
    assert bulk.record((other.id, event) for event in reversed(told)) == len(told)
    assert rows(other) == rows(one) and len(rows(one)) == 7
