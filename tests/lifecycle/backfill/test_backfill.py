"""Days worked out at once are what their nights would have kept, one after the other."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.insights.questions import stages
from app.kernel import clock
from app.kernel.db import db
from app.lifecycle.backfill import backfill
from app.lifecycle.rules import rule_sets
from app.lifecycle.stages import acts, nights, queries
from app.lifecycle.stages.models import ALL_FACTS, LifecycleCut, LifecycleNight, MemberStage, StageChange, StageFlow
from app.timeline.models import EventKind
from app.workers.lifecycle import night_runs
from tests.lifecycle.stages.test_facts_sql import SHORT
from tests.lifecycle.stages.worlds import TODAY, World, ago
from tests.support.clock import StillClock

DAYS = 14
DAY = st.integers(min_value=0, max_value=DAYS + 22)
FIRST = ago(DAYS)
STANDS = ("member_id", "home_mall_id", "is_plain", "stage", "activity", "since", *ALL_FACTS)
CHANGES = ("member_id", "day", "old_stage", "stage", "old_activity", "activity", "why", "home_mall_id", *ALL_FACTS)


def kept() -> dict[str, list[Any]]:
    """All that nights keep, without the numbers of rows."""
    db.session.expire_all()
    tables: dict[Any, Sequence[str]] = {
        MemberStage: STANDS,
        StageChange: (*CHANGES, "rules_id"),
        StageFlow: ("day", "home_mall_id", "old_stage", "stage", "members", "joined"),
        LifecycleCut: ("day", "high_spend_fen", "recency", "frequency", "monetary"),
        LifecycleNight: ("day", "rules_id", "members", "changes"),
    }
    rows = {
        table.__name__: [tuple(getattr(row, name) for name in names) for row in db.session.scalars(select(table))]
        for table, names in tables.items()
    }
    return {name: sorted(found, key=repr) for name, found in rows.items()}


def by(work: Callable[[], object]) -> dict[str, list[Any]]:
    """What is kept after some work, which is then undone."""
    savepoint = db.session.begin_nested()
    work()
    found = kept()
    savepoint.rollback()
    return found


def one_by_one(last: date = TODAY) -> None:
    for day in clock.each_day(FIRST, last):
        nights.run(day, now=clock.now())


def every_day() -> list[date]:
    """The days that are worked out, and the one before."""
    return clock.each_day(FIRST - timedelta(days=1), TODAY)


def at_once(last: date = TODAY) -> None:
    for piece in backfill.list_spans(FIRST, last):
        assert backfill.run(*piece, now=clock.now())


def draw_world(data: st.DataObject) -> None:
    """A few people; rules of short windows, others from the middle of the days on, and two days of one more kind."""
    with clock.freeze(clock.start_of_day(FIRST) - timedelta(hours=1)):
        rule_sets.publish(SHORT, effective_from=FIRST, by="test", now=clock.now())
        changed = replace(SHORT, recent_days=8, repeat_purchases=3, high_margin_fen=300)
        rule_sets.publish(changed, effective_from=ago(DAYS // 2), by="test", now=clock.now())
        earning = replace(changed, high_margin_fen=1)
        rule_sets.publish(earning, effective_from=ago(4), by="test", now=clock.now())
        rule_sets.publish(changed, effective_from=ago(2), by="test", now=clock.now())
    world = World()
    for _ in range(data.draw(st.integers(2, 6))):
        joined, seen = data.draw(st.one_of(st.none(), DAY)), data.draw(DAY)
        one = world.person(joined=None if joined is None else ago(joined), created=ago(seen))
        for day, fen in data.draw(st.lists(st.tuples(DAY, st.sampled_from([0, 100, 200, 700])), max_size=6)):
            bought = world.buy(one, ago(day), fen)
            if fen and data.draw(st.booleans()):
                world.refund(bought, ago(data.draw(st.integers(0, day))), data.draw(st.sampled_from([50, None])))
        for day in data.draw(st.lists(DAY, max_size=3)):
            world.act(one, data.draw(st.sampled_from([EventKind.VISITED, EventKind.SCANNED])), ago(day))
    if data.draw(st.booleans()):
        world.merge(world.people[-1], into=world.people[0])


@settings(max_examples=5, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_many_days_at_once_are_the_same_days_one_by_one(data: st.DataObject, db_session: object) -> None:
    with clock.freeze(clock.end_of_day(TODAY) + timedelta(hours=4)):
        savepoint = db.session.begin_nested()
        draw_world(data)
        assert by(at_once) == by(one_by_one)
        savepoint.rollback()


def test_who_was_moved_by_an_act_of_a_later_day_stays_there_until_that_day(clock: StillClock) -> None:
    world = World()
    joined, bought = world.person(joined=ago(9)), world.person(joined=ago(12))
    world.buy(bought, ago(4))
    acts.join([joined.id, bought.id], day=ago(9))
    acts.buy_first([bought.id], day=ago(4))
    once, nightly = by(at_once), by(one_by_one)
    assert {name: once[name] for name in ("MemberStage", "StageChange", "StageFlow")} == {
        name: nightly[name] for name in ("MemberStage", "StageChange", "StageFlow")
    }


@pytest.mark.parametrize("work", [one_by_one, at_once])
def test_who_was_merged_before_their_days_are_worked_out_stands_nowhere_before_they_came(
    work: Callable[[], None], clock: StillClock
) -> None:
    """Overview and review add up the days' sums, the matrix reads the changes: both say the same of every day."""
    world = World()
    first, twice = world.person(joined=ago(12)), world.person(joined=ago(9))
    acts.join([twice.id], day=ago(9))
    acts.buy_first([twice.id], day=ago(7))
    world.merge(twice, into=first)
    work()
    ends = db.session.scalars(select(StageChange).where(StageChange.member_id == twice.id, StageChange.stage == ""))
    assert [(one.day, one.old_stage) for one in ends] == [(ago(7), "3")]
    for day in every_day():
        summed = {stage.value: count for stage, count in stages.count_on(first.row.home_mall_id, day).items() if count}
        assert summed == queries.count_as_it_was(day=day)


def test_days_are_worked_out_once_and_nights_go_on_from_them(clock: StillClock) -> None:
    world = World()
    one = world.person(joined=ago(10))
    world.buy(one, ago(5))
    done = night_runs.backfill(since=FIRST, until=ago(1), now=clock.now)
    assert [(night.day, night.changes) for night in done if night.changes] == [(ago(10), 1), (ago(5), 1)]
    assert night_runs.backfill(since=FIRST, until=ago(1), now=clock.now) == []
    assert [night.day for night in night_runs.run_nights(now=clock.now)] == [TODAY]
    assert db.session.get_one(MemberStage, one.id).since == ago(5)


def test_the_command_works_out_days_from_one_on(app: Flask, clock: StillClock) -> None:
    World().person(joined=ago(2))
    told = app.test_cli_runner().invoke(args=["lifecycle", "run", "--since", ago(3).isoformat()]).output
    assert [line.split(": ")[1] for line in told.splitlines()] == [
        f"{known} members counted anew, {changes} changes" for known, changes in [(0, 0), (1, 1), (1, 0), (1, 0)]
    ]
