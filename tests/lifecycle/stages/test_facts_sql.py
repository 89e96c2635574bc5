"""Everybody's facts and stage in SQL are what plain Python counts one by one."""

from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.identity.models import MemberStatus
from app.kernel.db import db
from app.lifecycle.rules.rule_sets import DEFAULT, Rules
from app.lifecycle.stages import restating
from app.lifecycle.stages.models import ALL_FACTS
from app.timeline.models import DONE_BY_MEMBER, DONE_TO_MEMBER, EventKind
from tests.lifecycle.stages.worlds import TODAY, Person, World, ago

SHORT = Rules(
    recent_days=10, spend_days=20, warning_days=9, sleeping_days=12, lost_days=15, active_days=3, silent_days=7
)


@pytest.fixture
def world() -> World:
    return World()


def found(as_of: date = TODAY, rules: Rules = DEFAULT) -> dict[int, dict[str, Any]]:
    rows = db.session.execute(restating.restated(rules, as_of=as_of).standings())
    return {
        row.member_id: {name: getattr(row, name) for name in (*ALL_FACTS, "stage", "activity", "why")} for row in rows
    }


def expected(world: World, as_of: date = TODAY, rules: Rules = DEFAULT) -> dict[int, dict[str, Any]]:
    return {
        member_id: asdict(facts) | {"stage": standing.stage, "activity": standing.activity, "why": standing.why}
        for member_id, (facts, standing) in world.expected(as_of, rules).items()
    }


def test_every_kind_of_event_says_whether_the_member_did_it() -> None:
    assert DONE_BY_MEMBER | DONE_TO_MEMBER == set(EventKind)
    assert not DONE_BY_MEMBER & DONE_TO_MEMBER


@pytest.mark.parametrize(
    ("days", "recent", "in_year"),
    [(0, 1, 1), (89, 1, 1), (90, 0, 1), (364, 0, 1), (365, 0, 0)],
)
def test_windows_begin_and_end_with_days_of_the_mall(world: World, days: int, recent: int, in_year: int) -> None:
    person = world.person(joined=ago(500))
    world.buy(person, ago(days))
    row = found()[person.id]
    assert (row["recent_purchases"], row["year_purchases"], row["year_fen"]) == (recent, in_year, in_year * 10_000)
    assert (row["purchases"], row["last_purchase_on"]) == (1, ago(days))


def test_a_refund_counts_from_its_own_day(world: World) -> None:
    person = world.person(joined=ago(500))
    world.refund(world.buy(person, ago(10)), ago(3))
    before, after = found(ago(4))[person.id], found(ago(3))[person.id]
    assert (before["purchases"], before["monetary_fen"], before["last_purchase_on"]) == (1, 10_000, ago(10))
    assert (after["purchases"], after["monetary_fen"], after["last_purchase_on"]) == (0, 0, None)
    assert after["last_behaviour_on"] == ago(3)
    assert after["last_presence_on"] == ago(10)


def test_what_is_refunded_in_part_counts_net(world: World) -> None:
    person = world.person(joined=ago(500))
    bought = world.buy(person, ago(400))
    world.refund(bought, ago(10), 4_000)
    row = found()[person.id]
    assert (row["purchases"], row["monetary_fen"], row["year_fen"], row["year_purchases"]) == (1, 6_000, -4_000, 0)
    world.refund(bought, ago(9))
    assert (found()[person.id]["purchases"], found()[person.id]["monetary_fen"]) == (0, 0)


def test_a_purchase_for_nothing_counts(world: World) -> None:
    person = world.person(joined=ago(5))
    world.buy(person, ago(1), 0)
    world.buy(world.person(joined=ago(5)), ago(1))
    assert found()[person.id]["stage"] == "3"


def test_who_spent_as_much_as_the_point_between_is_in(world: World) -> None:
    people = [world.person(joined=ago(50)) for _ in range(11)]
    for number, person in enumerate(people):
        world.buy(person, ago(5), 1_000 * min(number, 9))
    stages = [found()[person.id]["stage"] for person in people]
    assert stages == ["3"] * 9 + ["5"] * 2


def test_a_merged_member_is_the_one_they_were_merged_into(world: World) -> None:
    first, second, third = (world.person(joined=ago(days)) for days in (300, 200, 100))
    for person in (first, second, third):
        world.buy(person, ago(20))
    world.merge(third, into=second)
    world.merge(second, into=first)
    rows = found()
    assert rows.keys() == {first.id}
    assert (rows[first.id]["purchases"], rows[first.id]["stage"]) == (3, "5")


def test_who_left_is_in_no_figure_of_any_day(world: World) -> None:
    person = world.person(joined=ago(300))
    person.row.status, person.row.closed_at = MemberStatus.CLOSED.value, world.at(TODAY)
    db.session.flush()
    assert found() == found(ago(10)) == {}


def test_a_visitor_is_known_from_the_day_they_were_seen(world: World) -> None:
    visitor = world.person(joined=None, created=ago(40))
    world.act(visitor, EventKind.MESSAGE_SENT, ago(1))
    assert found(ago(41)) == {}
    row = found()[visitor.id]
    assert (row["stage"], row["activity"], row["known_on"]) == ("1", "cooling", ago(40))


def test_a_member_was_a_visitor_before_joining(world: World) -> None:
    person = world.person(joined=ago(10), created=ago(20))
    assert [found(ago(days))[person.id]["stage"] for days in (20, 11, 10)] == ["1", "1", "2"]


DAYS = st.integers(min_value=0, max_value=24)
SMALL = st.integers(min_value=0, max_value=5)


@st.composite
def worlds(draw: st.DrawFn) -> list[tuple[str, int, int, int]]:
    """What happens to up to six people: an act, who it is about, how many days ago, and how much."""
    act = st.sampled_from(["join", "see", "buy", "buy", "refund", "act", "earn", "bring", "merge"])
    return draw(st.lists(st.tuples(act, SMALL, DAYS, SMALL), min_size=1, max_size=20))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=worlds(), as_of=DAYS, margin=st.sampled_from([None, 300]), friends=st.sampled_from([None, 1]))
def test_sql_is_the_pure_function_on_random_worlds(
    acts: list[tuple[str, int, int, int]], as_of: int, margin: int | None, friends: int | None
) -> None:
    rules = replace(SHORT, high_margin_fen=margin, high_friends=friends)
    with db.session.begin_nested() as savepoint:
        world = World()
        for act in acts:
            play(world, *act)
        day = TODAY - timedelta(days=as_of)
        assert found(day, rules) == expected(world, day, rules)
        savepoint.rollback()


def play(world: World, act: str, whom: int, days: int, much: int) -> None:
    people = world.people
    if act == "join" or not people:
        world.person(joined=ago(days), created=ago(max(0, days - much)))
    elif act == "see":
        world.person(joined=None, created=ago(days))
    elif act == "buy":
        world.buy(people[whom % len(people)], ago(days), much * 100)
    elif act == "refund":
        bought = [one for person in people for one in person.bought if one.fen + sum(f for _, f in one.refunds) > 0]
        if bought:
            world.refund(bought[whom % len(bought)], ago(days), much * 100 or None)
    elif act in ("earn", "bring"):
        give(world, act, people[whom % len(people)], ago(days), much)
    elif act == "act":
        kind = sorted(EventKind)[(whom * 6 + much) % len(EventKind)]
        world.act(people[whom % len(people)], kind, ago(days))
    else:
        merge(world, whom, much)


def give(world: World, act: str, person: Person, day: date, much: int) -> None:
    if act == "earn":
        world.earn(person, day, much * 100 - 100)
    else:
        world.bring(person, day)


def merge(world: World, whom: int, into: int) -> None:
    living = [person for person in world.people if person.into is None]
    one, other = living[whom % len(living)], living[into % len(living)]
    if one is not other:
        world.merge(one, into=other)
