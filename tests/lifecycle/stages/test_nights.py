"""Nights: what they keep of a day, and what they leave alone."""

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.flows.members import leaving
from app.identity.models import MemberStatus
from app.kernel import clock
from app.kernel.db import db
from app.lifecycle.rules import rule_sets
from app.lifecycle.stages import nights, wording
from app.lifecycle.stages.errors import DayNotOver, LaterNightDone
from app.lifecycle.stages.models import LifecycleCut, LifecycleNight, MemberStage, StageChange, StageFlow
from app.timeline.models import EventKind, TimelineEvent
from app.workers.lifecycle import night_runs
from tests.builders.tasks import make_tiers
from tests.lifecycle.stages.worlds import TODAY, World, ago
from tests.support.clock import StillClock


@pytest.fixture
def world(clock: StillClock) -> World:
    """On the morning after TODAY."""
    return World()


def run(day: date = TODAY) -> list[LifecycleNight]:
    return night_runs.run_nights(until=day, now=clock.now())


def changes(member_id: int) -> list[tuple[Any, ...]]:
    one = StageChange
    rows = db.session.execute(
        select(one.day, one.old_stage, one.stage, one.activity, one.why).where(one.member_id == member_id)
    )
    return [tuple(row) for row in rows.all()]


def test_the_first_night_says_where_everybody_stands(world: World) -> None:
    buyer, newcomer = world.person(joined=ago(200)), world.person(joined=ago(3))
    world.buy(buyer, ago(5))
    (night,) = run()
    assert (night.day, night.is_full, night.members, night.changes) == (TODAY, True, 2, 2)
    assert changes(newcomer.id) == [(TODAY, "", "2", "active", "joined")]
    stands = db.session.get_one(MemberStage, buyer.id)
    assert (stands.stage, stands.since, stands.purchases, stands.is_plain) == ("5", TODAY, 1, True)
    flows = db.session.execute(select(StageFlow.old_stage, StageFlow.stage, StageFlow.members)).all()
    assert sorted(map(tuple, flows)) == [("", "2", 1), ("", "5", 1)]


@pytest.mark.requirement("S0.6")
def test_a_night_keeps_what_moved_with_its_reason_in_words(world: World, clock: StillClock) -> None:
    member = world.person(joined=ago(100))
    world.buy(member, ago(88))
    world.act(member, EventKind.VISITED, ago(2))
    run()
    clock.advance(days=3)
    assert [night.day for night in run(ago(-2))] == [ago(-1), ago(-2)]
    assert changes(member.id)[-1] == (ago(-2), "5", "6-warning", "active", "bought_nothing")
    change = db.session.scalars(select(StageChange).order_by(StageChange.id.desc()).limit(1)).one()
    said = wording.explain(change.why, change, rule_sets.DEFAULT, on=change.day)
    assert said == "90 天未消费，4 天前到店"
    assert run(ago(-2)) == []


def test_the_cut_points_of_a_day_are_kept(world: World) -> None:
    for number in range(1, 12):
        world.buy(world.person(joined=ago(50)), ago(number), number * 1_000)
    run()
    cut = db.session.scalars(select(LifecycleCut)).one()
    assert (cut.day, cut.high_spend_fen) == (TODAY, 10_000)
    assert (cut.recency, cut.monetary) == ([3, 5, 7, 9], [3_000, 5_000, 7_000, 9_000])


def test_a_day_that_is_not_over_is_refused_until_the_clocks_of_tills_have_passed(
    world: World, clock: StillClock
) -> None:
    with pytest.raises(DayNotOver):
        run(ago(-1))
    clock.set(world.at(ago(-1)).replace(hour=0, minute=9))
    with pytest.raises(DayNotOver):
        run(TODAY)
    clock.advance(minutes=1)
    assert len(run(TODAY)) == 1


def test_the_last_day_can_be_counted_anew_and_an_earlier_one_not(world: World, clock: StillClock) -> None:
    member = world.person(joined=ago(10))
    run()
    world.buy(member, ago(1))
    night, differing = nights.run_again(TODAY, now=clock.now)
    assert (night.changes, differing, db.session.get_one(MemberStage, member.id).stage) == (2, 1, "5")
    assert nights.run_again(TODAY, now=clock.now).differing == 0
    assert sorted((one.old_stage, one.stage) for one in db.session.scalars(select(StageFlow))) == [
        ("", "2"),
        ("2", "5"),
    ]
    with pytest.raises(LaterNightDone):
        nights.run_again(ago(1), now=clock.now)


def test_who_was_found_to_be_another_stands_nowhere(world: World, clock: StillClock) -> None:
    one, other = world.person(joined=ago(30)), world.person(joined=None, created=ago(20))
    run()
    world.merge(other, into=one)
    clock.advance(days=1)
    run(ago(-1))
    assert changes(other.id)[-1] == (ago(-1), "1", "", "", "merged")
    assert db.session.get(MemberStage, other.id) is None


def test_who_leaves_is_counted_once_more_and_then_forgotten(world: World, clock: StillClock) -> None:
    make_tiers()
    member = world.person(joined=ago(30))
    run()
    told = leaving.preview_leaving(member.id, now=clock.now).cost
    leaving.let_member_leave(member.id, told=told, now=clock.now)
    assert changes(member.id) == [] and db.session.get(MemberStage, member.id) is None
    gone = db.session.scalars(select(StageFlow).where(StageFlow.stage == "left")).one()
    assert (gone.day, gone.old_stage, gone.members) == (ago(-1), "2", 1)
    clock.advance(days=1)
    run(ago(-1))
    assert db.session.scalars(select(StageFlow).where(StageFlow.day == ago(-1))).one().stage == "left"


def test_who_left_while_a_night_counted_them_is_forgotten_by_the_next(world: World, clock: StillClock) -> None:
    member = world.person(joined=ago(30))
    run()
    member.row.status, member.row.closed_at = MemberStatus.CLOSED.value, clock.now
    world.act(member, EventKind.LEFT, ago(-1))
    clock.advance(days=1)
    run(ago(-1))
    assert changes(member.id) == [] and db.session.get(MemberStage, member.id) is None


def test_what_is_told_late_bears_the_day_on_which_it_was(world: World) -> None:
    member = world.person(joined=ago(1))
    world.act(member, EventKind.VISITED, ago(-1))
    late = db.session.execute(select(TimelineEvent.kind, TimelineEvent.late_on).order_by(TimelineEvent.id))
    assert [tuple(row) for row in late] == [("joined", ago(-1)), ("visited", None)]


def test_the_commands_tell_of_nights_and_of_a_date(world: World, app: Flask) -> None:
    for number in range(1, 6):
        world.buy(world.person(joined=ago(300)), ago(40 * number), number * 1_000)
    world.person(joined=None, created=ago(100))
    cli = app.test_cli_runner()
    assert cli.invoke(args=["lifecycle", "run", "--as-of", "2026-03-10"]).output == (
        "2026-03-10: 6 members counted anew, 6 changes\n"
    )
    assert "nothing to do" in cli.invoke(args=["lifecycle", "run", "--as-of", "2026-03-10"]).output
    full = ["lifecycle", "run", "--full", "--as-of", "2026-03-10"]
    assert cli.invoke(args=full).output == "2026-03-10: 6 members counted anew, 0 differences\n"
    refused = cli.invoke(args=["lifecycle", "run", "--as-of", "2026-03-11"])
    assert refused.exit_code == 1 and "lifecycle_day_not_over" in refused.output
    told = cli.invoke(args=["lifecycle", "report", "--as-of", "2026-03-10", "--format", "json"])
    assert json.loads(told.output) == {
        "as_of": "2026-03-10",
        "members_with_purchases": 5,
        "purchases": 5,
        "monetary_fen": 15_000,
        "inactivity_days": {"0-30": 0, "31-89": 2, "90-179": 2, "180-": 1},
        "scores": {
            "recency": {"1": 1, "2": 1, "3": 1, "4": 1, "5": 1},
            "frequency": {"1": 5, "2": 0, "3": 0, "4": 0, "5": 0},
            "monetary": {"1": 1, "2": 1, "3": 1, "4": 1, "5": 1},
        },
        "stages": {"1": 1, "2": 0, "3": 2, "4": 0, "5": 0, "6-warning": 0, "6-sleeping": 2, "6-lost": 1},
        "activity": {"active": 0, "cooling": 2, "silent": 4},
    }


@pytest.mark.parametrize("day", ["2026-03-11", "2999-05-30"])
def test_a_day_that_is_not_over_is_not_told_of(world: World, app: Flask, day: str) -> None:
    world.buy(world.person(joined=ago(300)), ago(40), 1_000)
    told = app.test_cli_runner().invoke(args=["lifecycle", "report", "--as-of", day])
    assert told.exit_code == 1 and "lifecycle_day_not_over" in told.output and "stages" not in told.output
