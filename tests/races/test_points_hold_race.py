"""Holds from everywhere at the same moment, each with what would happen without the account's lock."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.db import atomic, db
from app.kernel.reasons import note
from app.points.ledger import hold_queries, holds, ledger, queries
from app.points.ledger.errors import HoldCaptured, HoldOver, InsufficientPoints
from app.points.ledger.many import expiring
from app.points.ledger.models import EntryKind, PointsAccount
from tests.builders.identity import make_member
from tests.builders.points import take_unguarded
from tests.support.patience import PATIENCE_S
from tests.support.races import race, winners

WHY = {"reason": note("测试")}


def make_saver(points: int = 100) -> int:
    with atomic():
        member = make_member()
        ledger.accrue(member.id, points=points, fact="test:earned", now=clock.now(), **WHY)
        return member.id


def hold(member_id: int, fact: str, points: int = 60, seconds: int = 300) -> int:
    now = clock.now()
    with atomic():
        until = now + timedelta(seconds=seconds)
        return holds.hold(member_id, points=points, fact=fact, now=now, until=until, **WHY).id


def capture(member_id: int, fact: str) -> int:
    with atomic():
        return holds.capture(member_id, fact=fact, now=clock.now()).id


def release(member_id: int, fact: str) -> str:
    with atomic():
        return holds.release(member_id, fact=fact, now=clock.now()).status


def test_of_two_tills_on_one_balance_one_holds(committed_app: Flask) -> None:
    member_id = make_saver()
    results = race(committed_app, [partial(hold, member_id, f"till:{n}") for n in range(5)])
    assert len(winners(results)) == 1
    assert all(isinstance(one, InsufficientPoints) for one in results if isinstance(one, Exception))
    assert queries.get_balance(member_id).held_points == 60
    assert queries.list_disagreements() == []


def test_without_the_lock_two_tills_would_take_the_same_points(committed_app: Flask) -> None:
    """The control: both look at the balance before either writes."""
    member_id = make_saver()
    checked = threading.Barrier(2)

    def take(fact: str) -> None:
        with atomic():
            account = db.session.get_one(PointsAccount, member_id)
            assert account.available_points >= 60
            checked.wait(PATIENCE_S)
            take_unguarded(account, 60, kind=EntryKind.REDEEM, fact=fact)

    assert len(winners(race(committed_app, [partial(take, "till:1"), partial(take, "till:2")]))) == 2
    assert [found.member_id for found in queries.list_disagreements()] == [member_id]


def test_captured_or_released_never_both(committed_app: Flask) -> None:
    member_id = make_saver()
    hold(member_id, "till")
    acts = [partial(capture, member_id, "till"), partial(release, member_id, "till")] * 3
    results = race(committed_app, acts)
    losers = {type(one) for one in results if isinstance(one, Exception)}
    assert losers in ({HoldOver}, {HoldCaptured})
    balance = queries.get_balance(member_id)
    assert (balance.available_points, balance.held_points) == ((100, 0) if losers == {HoldOver} else (40, 0))
    assert queries.list_disagreements() == []


def test_two_jobs_release_what_is_over_once(committed_app: Flask) -> None:
    member_id = make_saver()
    hold(member_id, "till", seconds=0)

    def job() -> int:
        with atomic():
            return holds.release_overdue(member_id, now=clock.now())

    assert sorted(winners(race(committed_app, [job] * 4))) == [0, 0, 0, 1]
    assert queries.get_balance(member_id).available_points == 100
    assert queries.list_disagreements() == []


@pytest.mark.parametrize("verb", ["hold", "spend", "give back"])
def test_what_runs_out_is_not_held_spent_or_lost_meanwhile(committed_app: Flask, verb: str) -> None:
    """Lots run out set by set while somebody holds, spends or gets back: each point goes one way."""
    member_id, later = make_saver(), clock.now() + timedelta(days=800)
    with atomic():
        ledger.redeem(member_id, points=30, fact="spent", now=clock.now(), **WHY)

    def expire() -> int:
        with atomic():
            return expiring.expire([member_id], now=later).points

    def act() -> None:
        with atomic():
            now = clock.now()
            if verb == "hold":
                holds.hold(member_id, points=60, fact="x", now=now, until=None, **WHY)
            elif verb == "spend":
                ledger.redeem(member_id, points=60, fact="x", now=now, **WHY)
            else:
                ledger.give_back(member_id, spent_fact="spent", fact="x", now=now, **WHY)

    results = race(committed_app, [expire, act, expire])
    assert {type(one) for one in results if isinstance(one, Exception)} <= {InsufficientPoints}
    assert queries.list_disagreements() == []
    held = sum(one.points for one in hold_queries.list_open(member_id))
    assert held in (0, 60)


def test_without_the_lock_what_ran_out_would_be_spent_as_well(committed_app: Flask) -> None:
    """The control: a spending that looked before the lots ran out and writes after."""
    member_id, later = make_saver(), clock.now() + timedelta(days=800)
    looked, gone = threading.Event(), threading.Event()

    def spend() -> None:
        with atomic():
            account = db.session.get_one(PointsAccount, member_id)
            looked.set()
            gone.wait(PATIENCE_S)
            take_unguarded(account, 60, kind=EntryKind.REDEEM, fact="late")

    def expire() -> None:
        looked.wait(PATIENCE_S)
        with atomic():
            expiring.expire([member_id], now=later)
        gone.set()

    assert len(winners(race(committed_app, [spend, expire]))) == 2
    assert [found.member_id for found in queries.list_disagreements()] == [member_id]
