"""What a night keeps of who has which value: the next one needs no more, and acts in between are known to it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.access.audit import SYSTEM
from app.identity import merges
from app.identity.models import MergeWhy
from app.kernel.db import db, table_of
from app.lifecycle.rules.rule_sets import DEFAULT
from app.lifecycle.stages import acts, cut_points, day_flows, nights, standings
from app.lifecycle.stages.models import LifecycleCut, LifecycleNight, MemberStage, StageChange
from app.lifecycle.stages.shares import taking
from app.lifecycle.stages.tallies import keeping
from app.lifecycle.stages.tallies.counting import Near, Tally
from app.lifecycle.stages.tallies.models import LifecycleTally, TallyChange
from app.workers.lifecycle import night_runs
from tests.lifecycle.stages.in_turn import InTurn
from tests.lifecycle.stages.tallies.telling import is_right
from tests.lifecycle.stages.worlds import TODAY, Person, World, ago
from tests.support.clock import StillClock

LARGE = 1_000_000_00  # fen, beyond all that is told apart


@pytest.fixture
def people(clock: StillClock) -> tuple[World, list[Person]]:
    """Four who have bought, on the morning after the first night's."""
    world = World()
    bought = [world.person(joined=ago(40)) for _ in range(4)]
    for number, person in enumerate(bought):
        world.buy(person, ago(30 + number), 100 + number)
    night_runs.run_nights(until=TODAY, now=clock.now)
    clock.advance(days=1)
    return world, bought


def night(clock: StillClock, beside: InTurn | None = None) -> LifecycleNight:
    done = nights.run(nights.last_over(clock.now), now=clock.now, beside=beside)
    assert done is not None
    clock.advance(days=1)
    return done


def points_of(day: LifecycleNight) -> tuple[object, ...]:
    cut = db.session.get_one(LifecycleCut, day.day)
    return cut.high_spend_fen, cut.recency, cut.frequency, cut.monetary


def sorted_out(day: LifecycleNight) -> tuple[object, ...]:
    return tuple(db.session.execute(cut_points.of_rows(table_of(MemberStage), DEFAULT, as_of=day.day)).one())


def count_changes() -> int:
    return db.session.scalar(select(func.count()).select_from(TallyChange)) or 0


def test_a_night_looks_at_nobody_it_did_not_move(people: tuple[World, list[Person]], clock: StillClock) -> None:
    """What is kept says that there are eleven more; so do the points of the night after."""
    kept = keeping.find_before(ago(-1))
    assert kept.tally is not None
    kept.tally.purchases[9] += 11
    db.session.execute(update(LifecycleTally).values(counts=kept.tally.as_json()))
    assert points_of(night(clock))[2] == [1, 9, 9, 9]


def test_the_first_night_keeps_what_it_had_to_sort(people: tuple[World, list[Person]]) -> None:
    kept = keeping.find_before(ago(-1))
    assert kept.near == Near([103], [100, 101, 101, 102]) and is_right()
    assert keeping.find_before(ago(-2)).tally is None


def test_points_that_are_far_are_looked_for_and_kept(people: tuple[World, list[Person]], clock: StillClock) -> None:
    world, bought = people
    for person in bought:
        world.buy(person, ago(-1), LARGE)
    done = night(clock)
    assert not done.is_full and points_of(done) == sorted_out(done) and is_right()
    assert keeping.find_before(ago(-2)).near.year_fen == [LARGE + 103]


def leave(world: World, bought: list[Person], clock: StillClock) -> None:
    day_flows.leave(world.leave(bought[0], ago(-1)), day=ago(-1))


def merge(world: World, bought: list[Person], clock: StillClock) -> None:
    world.merge(bought[0], into=bought[1])
    acts.merge(bought[0].id, day=ago(-1))


def merge_unseen(world: World, bought: list[Person], clock: StillClock) -> None:
    """As with a visitor, whom no act moves."""
    world.merge(bought[0], into=bought[1])


def merge_and_part(world: World, bought: list[Person], clock: StillClock) -> None:
    stood = acts.merge(bought[0].id, day=ago(-1))
    assert count_changes() == 1 and is_right()
    acts.part(bought[0].id, stood)


@pytest.mark.parametrize("in_shares", [False, True])
@pytest.mark.parametrize(("act", "told"), [(leave, 1), (merge, 1), (merge_unseen, 0), (merge_and_part, 2)])
def test_who_came_and_went_by_acts_is_known_to_the_night_after(
    people: tuple[World, list[Person]],
    clock: StillClock,
    act: Callable[[World, list[Person], StillClock], None],
    told: int,
    in_shares: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(taking, "LEAST_MEMBERS", 2)
    act(*people, clock)
    assert count_changes() == told and is_right()
    beside = InTurn() if in_shares else None
    done = night(clock, beside)
    assert points_of(done) == sorted_out(done) and not done.is_full and is_right() and count_changes() == 0
    assert done.members == db.session.scalar(select(func.count()).select_from(MemberStage))


def test_once_a_week_everybody_is_counted_again(people: tuple[World, list[Person]], clock: StillClock) -> None:
    """So that what nobody told of is known then: here, that somebody bought twice."""
    for _ in range(6):
        night(clock)
    db.session.execute(update(MemberStage).where(MemberStage.member_id == people[1][0].id).values(purchases=2))
    assert not is_right()
    done = night(clock)
    assert points_of(done) == sorted_out(done) and is_right()


def test_who_is_merged_and_is_not_after_all_is_counted_among_all(
    people: tuple[World, list[Person]], clock: StillClock
) -> None:
    one, into = (person.row for person in people[1][:2])
    merge = merges.begin(one, into=into, why=MergeWhy.PROOF, actor=SYSTEM, now=clock.now)
    merges.finish(merge, one, into=into, carried={})
    stood = acts.merge(one.id, day=ago(-1))
    assert night(clock).members == 3
    merges.undo(merge, one, into, returned={}, now=clock.now)
    acts.part(one.id, stood)
    assert night(clock).members == 4


def test_who_is_merged_while_a_night_counts_them_stands_nowhere(
    people: tuple[World, list[Person]], clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, bought = people
    new, write = world.person(joined=ago(-1)), standings.write_some

    def merge_and_write(*given: Any, **more: Any) -> Tally:
        world.merge(new, into=bought[0])
        return write(*given, **more)

    monkeypatch.setattr(standings, "write_some", merge_and_write)
    assert night(clock).members == 4 and db.session.get(MemberStage, new.id) is None
    assert db.session.scalars(select(StageChange).where(StageChange.member_id == new.id)).all() == []


def test_who_bought_nothing_is_counted_nowhere(people: tuple[World, list[Person]], clock: StillClock) -> None:
    new = people[0].person(joined=ago(-1))
    night(clock)
    day_flows.leave([new.id], day=ago(-2))
    assert count_changes() == 0 and is_right()


def test_looks_that_saw_other_changes_are_not_kept(people: tuple[World, list[Person]], clock: StillClock) -> None:
    keeping.look_near(None, day=TODAY, look=lambda near: [(Tally(), [1]), (Tally(), [1, 2])])
    assert keeping.find_before(TODAY + timedelta(days=1)).tally is None
    done = night(clock)
    assert points_of(done) == sorted_out(done) and is_right()
