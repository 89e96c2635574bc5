"""Points spent from everywhere at the same moment; and what would happen without the account's lock."""

import threading
from functools import partial

from flask import Flask
from sqlalchemy import func, select

from app.kernel import clock
from app.kernel.db import atomic, db
from app.kernel.reasons import note
from app.points.ledger import ledger, queries
from app.points.ledger.errors import InsufficientPoints
from app.points.ledger.models import EntryKind, PointsAccount, PointsEntry
from tests.builders.identity import make_member
from tests.builders.points import take_unguarded
from tests.support.patience import PATIENCE_S
from tests.support.races import race, winners

CALLERS = 6


def make_saver(points: int = 100) -> int:
    with atomic():
        member = make_member()
        ledger.accrue(member.id, points=points, reason=note("测试"), fact="test:earned", now=clock.now())
        return member.id


def spend(member_id: int, fact: str, points: int = 60) -> int:
    with atomic():
        return ledger.redeem(member_id, points=points, reason=note("测试"), fact=fact, now=clock.now()).id


def take_back() -> int:
    """The purchase that all points were earned by is refunded."""
    with atomic():
        earned = db.session.scalars(select(PointsEntry).where(PointsEntry.fact == "test:earned")).one()
        return ledger.take_back(
            earned.member_id, points=100, earned=earned, reason=note("测试"), fact="refund", now=clock.now()
        ).id


def spendings() -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(PointsEntry).where(PointsEntry.kind == EntryKind.REDEEM.value)
        )
        or 0
    )


def test_of_many_spendings_that_do_not_fit_together_one_succeeds(committed_app: Flask) -> None:
    member_id = make_saver()
    results = race(committed_app, [partial(spend, member_id, f"spend:{n}") for n in range(CALLERS)])
    assert len(winners(results)) == 1
    assert all(isinstance(one, InsufficientPoints) for one in results if isinstance(one, Exception))
    assert queries.get_balance(member_id).available_points == 40
    assert queries.list_disagreements() == []


def test_as_many_succeed_as_there_are_points_for(committed_app: Flask) -> None:
    member_id = make_saver()
    results = race(committed_app, [partial(spend, member_id, f"spend:{n}", 30) for n in range(CALLERS)])
    assert len(winners(results)) == 3
    assert queries.get_balance(member_id).available_points == 10
    assert queries.list_disagreements() == []


def test_the_same_spending_many_times_is_one(committed_app: Flask) -> None:
    member_id = make_saver()
    results = race(committed_app, [partial(spend, member_id, "spend:once")] * CALLERS)
    assert len(set(winners(results))) == 1
    assert len(winners(results)) == CALLERS
    assert spendings() == 1


def test_given_back_many_times_is_given_back_once(committed_app: Flask) -> None:
    member_id = make_saver()
    spend(member_id, "spend:once")

    def give_back() -> int:
        with atomic():
            return ledger.give_back(
                member_id, spent_fact="spend:once", reason=note("测试"), fact="spend:once:back", now=clock.now()
            ).id

    assert len(set(winners(race(committed_app, [give_back] * CALLERS)))) == 1
    assert queries.get_balance(member_id).available_points == 100
    assert queries.list_disagreements() == []


def test_a_refund_beside_spendings_is_taken_from_what_they_leave_and_the_rest_is_owed(committed_app: Flask) -> None:
    """In any order: what was earned is taken back once, nobody spends a point twice, and who owes holds none."""
    member_id = make_saver()
    results = race(committed_app, [partial(spend, member_id, f"spend:{n}") for n in range(2)] + [take_back] * 2)
    spent = 60 * spendings()
    assert all(isinstance(one, InsufficientPoints) for one in results if isinstance(one, Exception))
    balance = queries.get_balance(member_id)
    assert spent in (0, 60)
    assert (balance.available_points, balance.debt_points) == (0, spent)
    assert queries.list_disagreements() == []


def test_without_the_lock_what_is_taken_back_would_be_spent_as_well(committed_app: Flask) -> None:
    """The control: a spending that looked before the refund and writes after it."""
    member_id = make_saver()
    looked, taken = threading.Event(), threading.Event()

    def spend_late() -> None:
        with atomic():
            account = db.session.get_one(PointsAccount, member_id)
            looked.set()
            taken.wait(PATIENCE_S)
            take_unguarded(account, 60, kind=EntryKind.REDEEM, fact="late")

    def refund() -> None:
        looked.wait(PATIENCE_S)
        take_back()
        taken.set()

    assert len(winners(race(committed_app, [spend_late, refund]))) == 2
    assert [found.member_id for found in queries.list_disagreements()] == [member_id]


def test_without_the_lock_both_of_two_spendings_would_succeed(committed_app: Flask) -> None:
    """The control: read the balance, then write what is left of it, without the account's lock between."""
    member_id = make_saver()
    checked = threading.Barrier(2)

    def spend_unguarded(fact: str) -> None:
        with atomic():
            account = db.session.get_one(PointsAccount, member_id)
            assert account.available_points >= 60
            checked.wait(PATIENCE_S)  # both have looked before either writes
            take_unguarded(account, 60, kind=EntryKind.REDEEM, fact=fact)

    results = race(committed_app, [partial(spend_unguarded, "spend:1"), partial(spend_unguarded, "spend:2")])
    assert len(winners(results)) == 2
    assert spendings() == 2
    assert [found.member_id for found in queries.list_disagreements()] == [member_id]
