"""Nights in shares: when they are, and that the night does it itself where shares cannot."""

from collections.abc import Callable

import pytest

from app.identity.models import MemberStatus
from app.kernel.db import db
from app.lifecycle.stages import carrying, day_flows, nights
from app.lifecycle.stages.models import LifecycleNight, MemberStage
from app.lifecycle.stages.shares import taking
from app.lifecycle.stages.shares.taking import Share
from app.timeline.models import EventKind
from app.workers.lifecycle import night_runs
from tests.lifecycle.stages.in_turn import InTurn
from tests.lifecycle.stages.worlds import TODAY, Person, World, ago
from tests.support.clock import StillClock

LARGE = 1_000_000_00  # fen, beyond all points of the day before


@pytest.fixture
def people(clock: StillClock, monkeypatch: pytest.MonkeyPatch) -> tuple[World, list[Person]]:
    """Four who have bought, on the morning after the first night's."""
    world = World()
    bought = [world.person(joined=ago(40)) for _ in range(4)]
    for person in bought:
        world.buy(person, ago(30), 100)
    night_runs.run_nights(until=TODAY, now=clock.now)
    clock.advance(days=1)
    monkeypatch.setattr(taking, "LEAST_MEMBERS", 2)
    return world, bought


def night(clock: StillClock) -> tuple[LifecycleNight, int]:
    """The next one, and how often shares were kept for it."""
    beside = InTurn()
    done = nights.run(ago(-1), now=clock.now, beside=beside)
    assert done is not None and taking.find_open(after=TODAY) is None
    return done, beside.kept


def test_few_members_are_one_share(people: tuple[World, list[Person]]) -> None:
    assert (taking.split(0), taking.split(3)) == ([], [])


def test_many_of_whom_nobody_is_left_are_no_shares(people: tuple[World, list[Person]]) -> None:
    day_flows.leave([person.id for person in people[1]], day=ago(-1))
    assert taking.split(4) == []


def test_shares_are_alike_and_have_everybody(people: tuple[World, list[Person]]) -> None:
    ids = [person.id for person in people[1]]
    low, high = taking.split(4)
    assert (low, high) == (Share(1, 0, ids[2]), Share(2, ids[2], None))
    assert [(low.has(number), high.has(number)) for number in (1, *ids, 10**9)] == [
        *[(True, False)] * 3,
        *[(False, True)] * 3,
    ]


def test_more_members_are_no_more_shares_than_work_at_once(people: tuple[World, list[Person]]) -> None:
    assert len(taking.split(1_000)) == taking.MOST_SHARES


def test_a_night_of_many_is_done_in_shares(people: tuple[World, list[Person]], clock: StillClock) -> None:
    """Who buys again moves the cut point, which the others are judged by, in their share and in the other."""
    people[0].buy(people[1][3], ago(-1), 100)
    done, kept = night(clock)
    assert (kept, done.is_full, done.members, done.changes) == (1, False, 4, 3)
    assert [db.session.get_one(MemberStage, person.id).stage for person in people[1]] == ["3", "3", "3", "5"]
    assert nights.run_again(done.day, now=clock.now).differing == 0


def leave_unseen(world: World, bought: list[Person]) -> None:
    """Somebody whom a night was counting while they left."""
    gone = bought[0]
    gone.row.status, gone.row.closed_at = MemberStatus.CLOSED.value, world.at(ago(-1))
    world.act(gone, EventKind.LEFT, ago(-1))


def spend_much(world: World, bought: list[Person]) -> None:
    for person in bought:
        world.buy(person, ago(-1), LARGE)


@pytest.mark.parametrize(("happen", "members"), [(leave_unseen, 3), (spend_much, 4)])
def test_where_shares_cannot_the_night_does_it_itself(
    people: tuple[World, list[Person]], clock: StillClock, happen: Callable[[World, list[Person]], None], members: int
) -> None:
    happen(*people)
    done, kept = night(clock)
    assert (kept, done.is_full, done.members) == (0, False, members)


def test_where_too_many_would_be_counted_anew_the_night_counts_everybody(
    people: tuple[World, list[Person]], clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "FEW", 0)
    people[0].buy(people[1][0], ago(3), 100)
    done, kept = night(clock)
    assert (kept, done.is_full, done.members) == (0, True, 4)
    assert db.session.get_one(MemberStage, people[1][0].id).purchases == 2
