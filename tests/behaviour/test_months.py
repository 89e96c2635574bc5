"""Months of events: made ahead, dropped as a whole, and nothing is lost when they were not made."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from app.behaviour import behaviour, months, rules, words
from app.behaviour.models import BehaviourEvent
from app.identity.models import Member
from app.kernel import clock as time
from app.kernel.clock import MALL_ZONE
from app.kernel.db import db
from app.timeline.models import TimelineEvent
from app.workers import upkeep
from tests.builders.behaviour import tell
from tests.builders.identity import make_member
from tests.support.clock import StillClock


@pytest.fixture
def member(clock: StillClock) -> Member:
    return make_member()


def record(member: Member, *told: dict[str, object]) -> int:
    now = time.now()
    return behaviour.record(member.id, [rules.read(one, sent_at=now, now=now) for one in told], now=now)


def where() -> dict[str, int]:
    """How many events stand in which partition."""
    partition = text("tableoid::regclass::text")
    rows = db.session.execute(select(partition, func.count()).select_from(BehaviourEvent).group_by(partition))
    return dict(rows.tuples().all())


def test_this_month_and_two_more_are_made_and_again_changes_nothing(member: Member) -> None:
    assert upkeep.make_months() == 3
    assert upkeep.make_months() == 0
    record(member, tell(), tell("open"))
    assert where() == {"behaviour_events_2026_03": 2}


def test_what_came_before_its_month_was_made_moves_into_it(member: Member, clock: StillClock) -> None:
    record(member, tell())
    clock.advance(days=25)
    record(member, tell())
    assert where() == {"behaviour_events_rest": 2}
    months.make(date(2026, 3, 1))
    assert where() == {"behaviour_events_rest": 1, "behaviour_events_2026_03": 1}
    assert upkeep.make_months() == 3
    assert where() == {"behaviour_events_2026_03": 1, "behaviour_events_2026_04": 1}


def test_months_go_when_so_many_newer_ones_are_kept_with_what_never_had_its_own(
    member: Member, clock: StillClock
) -> None:
    record(member, tell())
    upkeep.make_months()
    clock.set(datetime(2026, 5, 31, 23, 59, tzinfo=MALL_ZONE))
    record(member, tell())
    assert upkeep.drop_months(kept=3) == 0
    clock.advance(minutes=2)
    assert upkeep.drop_months(kept=3) == 1
    assert upkeep.drop_months(kept=3) == 0
    assert where() == {"behaviour_events_2026_05": 1}
    clock.set(datetime(2026, 9, 1, 0, 1, tzinfo=MALL_ZONE))
    record(member, tell())
    clock.set(datetime(2026, 10, 1, 0, 1, tzinfo=MALL_ZONE))
    assert upkeep.drop_months(kept=1) == 2
    assert where() == {}


def test_a_batch_that_is_repeated_over_the_turn_of_the_month_counts_once(member: Member, clock: StillClock) -> None:
    clock.set(datetime(2026, 3, 31, 23, 59, 59, tzinfo=MALL_ZONE))
    event = tell()
    assert record(member, event) == 1
    clock.advance(days=1)
    assert record(member, event, tell()) == 1


def test_the_timeline_has_one_row_a_day_of_the_mall(member: Member, clock: StillClock) -> None:
    clock.set(datetime(2026, 3, 12, 0, 30, tzinfo=MALL_ZONE))
    record(member, tell(scene="lift"), tell("open", ago=timedelta(minutes=29)), tell(ago=timedelta(hours=1), scene="b"))
    record(member, tell())
    rows = db.session.execute(
        select(TimelineEvent.fact, TimelineEvent.source, TimelineEvent.mall_id)
        .where(TimelineEvent.member_id == member.id, TimelineEvent.kind == "browsed")
        .order_by(TimelineEvent.fact)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("browsing:2026-03-11", "b", None),
        ("browsing:2026-03-12", "", None),
    ]


def test_what_was_searched_for_goes_after_a_month_and_the_search_stays(member: Member, clock: StillClock) -> None:
    record(member, tell("search", words="火锅"))
    clock.advance(days=29)
    record(member, tell("search", words="童装"))
    assert words.forget(now=clock.now) == 0
    clock.advance(days=2)
    assert words.forget(now=clock.now) == 1
    found = db.session.execute(select(BehaviourEvent.kind, BehaviourEvent.words)).tuples().all()
    assert set(found) == {("search", None), ("search", "童装")}
