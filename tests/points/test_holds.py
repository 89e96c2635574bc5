"""Points that are held: spent, given back by an act or by time, and what else happens meanwhile."""

from datetime import timedelta

import pytest
from flask import Flask

from app.flows.members import leaving, merging
from app.identity.errors import MergeHeldUp
from app.kernel.reasons import note
from app.points.ledger import hold_queries, holds, ledger, queries
from app.points.ledger.errors import HoldCaptured, HoldExceeded, HoldNotFound, HoldOver, InsufficientPoints
from app.points.ledger.models import HoldStatus
from app.workers.points import points as points_work
from tests.builders.identity import make_member
from tests.support.clock import StillClock

MINUTES = timedelta(minutes=5)


@pytest.fixture
def member_id(clock: StillClock) -> int:
    """A member with 100 points of this year."""
    member_id = make_member().id
    ledger.accrue(member_id, points=100, reason=note("得"), fact="earned", now=clock.now)
    return member_id


def _hold(member_id: int, clock: StillClock, points: int = 60, fact: str = "h") -> None:
    holds.hold(member_id, points=points, reason=note("用"), fact=fact, now=clock.now, until=clock.now + MINUTES)


def _standing(member_id: int, clock: StillClock) -> tuple[int, int, int]:
    assert queries.list_disagreements() == []
    balance = queries.get_balance(member_id, now=clock.now)
    return balance.available_points, balance.held_points, balance.debt_points


def test_what_is_held_is_neither_available_nor_spent(member_id: int, clock: StillClock) -> None:
    _hold(member_id, clock)
    assert _standing(member_id, clock) == (40, 60, 0)
    assert len(list(queries.list_entries([member_id]))) == 1
    with pytest.raises(InsufficientPoints):
        ledger.redeem(member_id, points=41, reason=note("用"), fact="too much", now=clock.now)
    with pytest.raises(InsufficientPoints):
        _hold(member_id, clock, 41, "too much")


@pytest.mark.parametrize("spent", [None, 60, 25])
def test_a_capture_spends_once_and_frees_the_rest(member_id: int, clock: StillClock, spent: int | None) -> None:
    _hold(member_id, clock)
    entry = holds.capture(member_id, fact="h", now=clock.now, points=spent)
    again = holds.capture(member_id, fact="h", now=clock.now + MINUTES, points=spent)
    assert entry.id == again.id
    assert (entry.points, entry.balance_after) == (-(spent or 60), 100 - (spent or 60))
    assert _standing(member_id, clock) == (100 - (spent or 60), 0, 0)
    ledger.give_back(member_id, spent_fact="h", reason=note("退"), fact="back", now=clock.now)
    assert _standing(member_id, clock) == (100, 0, 0)


def test_what_was_released_cannot_be_captured_and_the_other_way_round(member_id: int, clock: StillClock) -> None:
    _hold(member_id, clock)
    assert [holds.release(member_id, fact="h", now=clock.now).status for _ in range(2)] == [HoldStatus.RELEASED] * 2
    assert _standing(member_id, clock) == (100, 0, 0)
    with pytest.raises(HoldOver):
        holds.capture(member_id, fact="h", now=clock.now)
    _hold(member_id, clock)  # told of again, nothing is held anew
    _hold(member_id, clock, fact="other")
    holds.capture(member_id, fact="other", now=clock.now)
    with pytest.raises(HoldCaptured):
        holds.release(member_id, fact="other", now=clock.now)
    assert _standing(member_id, clock) == (40, 0, 0)


def test_refusals(member_id: int, clock: StillClock) -> None:
    _hold(member_id, clock)
    for wrong in (0, 61):
        with pytest.raises(HoldExceeded):
            holds.capture(member_id, fact="h", now=clock.now, points=wrong)
    with pytest.raises(HoldNotFound):
        holds.capture(member_id, fact="unknown", now=clock.now)
    with pytest.raises(HoldNotFound):
        holds.release(member_id, fact="unknown", now=clock.now)
    assert _standing(member_id, clock) == (40, 60, 0)


def test_from_its_last_moment_on_a_hold_counts_for_nothing(member_id: int, clock: StillClock) -> None:
    """Whether or not the job has been there: who reads, spends, or captures asks by the moment."""
    _hold(member_id, clock)
    clock.advance(minutes=5)
    assert _standing(member_id, clock) == (100, 0, 0)
    assert hold_queries.list_current(member_id, now=clock.now) == []
    with pytest.raises(HoldOver):
        holds.capture(member_id, fact="h", now=clock.now)
    ledger.redeem(member_id, points=100, reason=note("用"), fact="all", now=clock.now)
    assert hold_queries.get_hold(member_id, "h").status == HoldStatus.LAPSED
    assert _standing(member_id, clock) == (0, 0, 0)


def test_the_job_gives_back_what_is_over_and_nothing_else(member_id: int, clock: StillClock) -> None:
    _hold(member_id, clock, 10)
    holds.hold(member_id, points=20, reason=note("用"), fact="for good", now=clock.now, until=None)
    clock.advance(minutes=5)
    _hold(member_id, clock, 30, "later")
    assert [points_work.release_overdue_holds(limit=10) for _ in range(2)] == [0, 0]  # the second hold found it
    clock.advance(minutes=5)
    assert [points_work.release_overdue_holds(limit=10) for _ in range(2)] == [1, 0]
    assert _standing(member_id, clock) == (80, 20, 0)


def test_held_points_do_not_run_out_while_they_are_held(member_id: int, clock: StillClock) -> None:
    holds.hold(member_id, points=60, reason=note("用"), fact="h", now=clock.now, until=None)
    clock.advance(days=800)
    assert ledger.expire(member_id, now=clock.now) == 40
    assert _standing(member_id, clock) == (0, 60, 0)
    holds.capture(member_id, fact="h", now=clock.now)
    assert _standing(member_id, clock) == (0, 0, 0)


def test_what_is_owed_by_then_is_paid_of_what_returns(member_id: int, clock: StillClock) -> None:
    """A refund takes from what is free; the rest is owed, and held points pay it as soon as they are free."""
    earned = queries.find_entry(member_id, "earned")
    assert earned is not None
    _hold(member_id, clock)
    ledger.take_back(member_id, points=70, earned=earned, reason=note("退"), fact="refund", now=clock.now)
    assert _standing(member_id, clock) == (0, 60, 30)
    clock.advance(minutes=5)
    assert _standing(member_id, clock) == (30, 0, 0)
    holds.release(member_id, fact="h", now=clock.now)
    assert _standing(member_id, clock) == (30, 0, 0)
    one = hold_queries.get_hold(member_id, "h")
    assert (one.returned_points, one.repaid_points) == (30, 30)


def test_who_leaves_gives_up_what_they_hold(member_id: int, clock: StillClock, app: Flask) -> None:
    _hold(member_id, clock)
    told = leaving.preview_leaving(member_id, now=clock.now).cost
    assert told.points == 100
    assert leaving.let_member_leave(member_id, told=told, now=clock.now).cost.points == 100
    assert _standing(member_id, clock) == (0, 0, 0)
    assert hold_queries.get_hold(member_id, "h").status == HoldStatus.RELEASED


def test_members_wait_to_become_one_until_a_hold_has_ended(member_id: int, clock: StillClock) -> None:
    clock.advance(minutes=1)
    younger = make_member().id
    ledger.accrue(younger, points=50, reason=note("得"), fact="earned", now=clock.now)
    _hold(younger, clock, 50)
    _hold(member_id, clock)
    with pytest.raises(MergeHeldUp):
        merging.merge_members(member_id, younger, keep_id=member_id, now=clock.now)
    holds.release(younger, fact="h", now=clock.now)
    merging.merge_members(member_id, younger, keep_id=member_id, now=clock.now)
    assert _standing(member_id, clock) == (90, 60, 0)
