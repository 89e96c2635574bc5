"""The past: as it was said then, and restated as it is known now, under any rules."""

from dataclasses import replace

import pytest

from app.kernel import clock
from app.lifecycle.rules.rule_sets import DEFAULT
from app.lifecycle.stages import queries
from app.lifecycle.stages.queries import Move
from app.timeline.models import EventKind
from app.workers.lifecycle import night_runs
from tests.lifecycle.stages.worlds import TODAY, Person, World, ago
from tests.support.clock import StillClock

STRICT = replace(DEFAULT, warning_days=30, sleeping_days=40, lost_days=50)


@pytest.fixture
def world(clock: StillClock) -> World:
    """On the morning after TODAY."""
    return World()


def regular(world: World) -> Person:
    """Somebody with a purchase 88 days ago who was here yesterday."""
    person = world.person(joined=ago(200))
    world.buy(person, ago(88))
    world.act(person, EventKind.VISITED, ago(1))
    return person


def pass_days(still: StillClock, days: int) -> None:
    for _ in range(days):
        night_runs.run_nights(now=clock.now())
        still.advance(days=1)


def test_what_was_said_of_a_day_stays_as_it_was(world: World, clock: StillClock) -> None:
    person = regular(world)
    pass_days(clock, 3)
    assert [queries.find_as_it_was(person.id, day=ago(-days)) for days in (-1, 0, 1, 2)] == [
        None,
        ("5", "active"),
        ("5", "active"),
        ("6-warning", "active"),
    ]
    world.buy(person, ago(20))  # told late
    pass_days(clock, 1)
    assert queries.find_as_it_was(person.id, day=ago(-2)) == ("6-warning", "active")
    restated = queries.find_restated(person.id, day=ago(-2), rules=DEFAULT, rules_of_day=DEFAULT)
    assert restated is not None and restated.standing.stage == "5"
    assert queries.find_standing(person.id).stage == "5"


@pytest.mark.requirement("S0.52")
def test_a_matrix_of_two_dates_is_read_backwards_from_the_present(world: World, clock: StillClock) -> None:
    regular(world)
    visitor = world.person(joined=None, created=ago(10))
    pass_days(clock, 1)
    newcomer = world.person(joined=ago(-1), created=ago(-1))
    world.merge(visitor, into=newcomer)
    pass_days(clock, 2)
    assert queries.matrix_as_it_was(TODAY, ago(-2)) == [Move("", "2", 1), Move("1", "", 1), Move("5", "6-warning", 1)]
    assert queries.matrix_as_it_was(ago(-2), ago(-2)) == [Move("2", "2", 1), Move("6-warning", "6-warning", 1)]
    assert queries.count_as_it_was(day=TODAY) == {"1": 1, "5": 1}
    mall_id = world.store.mall_id
    assert queries.matrix_as_it_was(TODAY, ago(-2), mall_id=mall_id + 1) == []
    assert queries.count_as_it_was(day=TODAY, mall_id=mall_id) == {"1": 1, "5": 1}


@pytest.mark.requirement("S0.3")
def test_any_date_is_restated_under_any_rules(world: World) -> None:
    person = regular(world)
    for days, stage in ((0, "6-warning"), (2, "6-lost"), (49, "6-warning"), (88, "5")):
        found = queries.find_restated(person.id, day=ago(days), rules=STRICT, rules_of_day=DEFAULT)
        assert found is not None and found.standing.stage == stage
        assert queries.count_restated(day=ago(days), rules=STRICT) == {stage: 1}
    assert queries.find_restated(person.id, day=ago(201), rules=STRICT, rules_of_day=DEFAULT) is None
    assert queries.matrix_restated(ago(88), TODAY, rules=STRICT) == [Move("5", "6-warning", 1)]
    assert queries.matrix_restated(TODAY, TODAY, rules=STRICT, rules_then=DEFAULT) == [Move("5", "6-warning", 1)]


def test_changes_of_a_person_are_listed_with_the_latest_first(world: World, clock: StillClock) -> None:
    person = regular(world)
    pass_days(clock, 3)
    assert [one.stage for one in queries.list_changes([person.id])] == ["6-warning", "5"]
