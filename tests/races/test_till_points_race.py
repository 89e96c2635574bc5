"""Points at tills at the same moment: two stores on one balance, one press twice, yes against no and against time."""

import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.flows.points import till_points
from app.flows.points.till_points import Taker
from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import atomic, db
from app.points.ledger import queries as points_queries
from app.points.ledger.errors import HoldCaptured, InsufficientPoints
from app.points.ledger.models import EntryKind, PointsAccount
from app.points.till import queries
from app.points.till.errors import CodeSpent, PaymentOver
from app.points.till.models import PointsPayment
from app.settlement.ledger.models import Posting
from tests.builders.points import take_unguarded
from tests.builders.settlement import make_contract
from tests.builders.till_points import make_saver, make_taker, show_code
from tests.support.patience import PATIENCE_S
from tests.support.races import interleave, race, winners

CALLERS = 4
_MOMENT = timedelta(microseconds=1)


def make_tills(count: int, points: int) -> tuple[int, list[Taker]]:
    """A member with points, whose code so many stores have scanned."""
    with atomic():
        member = make_saver(points)
        takers = [make_taker(make_contract().store) for _ in range(count)]
        for taker in takers:
            show_code(member, taker)
        return member.id, takers


def ask(member_id: int, taker: Taker, points: int) -> str:
    with atomic():
        return till_points.ask_for_points(member_id, points, taker, now=clock.now()).public_id


def posted() -> int:
    return db.session.scalar(select(func.count()).select_from(Posting)) or 0


def test_of_many_tills_on_one_balance_as_many_are_paid_as_it_has_points_for(committed_app: Flask) -> None:
    member_id, takers = make_tills(CALLERS, 1_000)
    results = race(committed_app, [partial(ask, member_id, taker, 600) for taker in takers])
    assert len(winners(results)) == 1
    assert all(isinstance(one, InsufficientPoints) for one in results if isinstance(one, Exception))
    assert points_queries.get_balance(member_id).available_points == 400
    assert posted() == 1 and points_queries.list_disagreements() == []


def test_one_code_pressed_many_times_pays_once(committed_app: Flask) -> None:
    member_id, [taker] = make_tills(1, 1_000)
    results = race(committed_app, [partial(ask, member_id, taker, 100)] * CALLERS)
    assert len(winners(results)) == 1
    assert all(isinstance(one, CodeSpent) for one in results if isinstance(one, Exception))
    assert points_queries.get_balance(member_id).available_points == 900
    assert posted() == 1


def test_yes_many_times_and_no_at_once_end_one_way(committed_app: Flask) -> None:
    member_id, [taker] = make_tills(1, 5_000)
    payment_id = ask(member_id, taker, 5_000)

    def confirm() -> str:
        with atomic():
            return till_points.confirm_payment(member_id, payment_id, now=clock.now()).status

    def decline() -> str:
        with atomic():
            return till_points.decline_payment(member_id, payment_id, now=clock.now()).status

    results = race(committed_app, [confirm, confirm, decline, decline])
    ends = set(winners(results))
    assert len(ends) == 1 and ends <= {"paid", "released"}
    assert all(isinstance(one, PaymentOver) for one in results if isinstance(one, Exception))
    with atomic():
        payment = queries.find_of_member(payment_id, member_id=member_id)
        balance = points_queries.get_balance(member_id)
        assert {payment.status} == ends
        assert (balance.available_points, posted()) == ((0, 1) if ends == {"paid"} else (5_000, 0))
        assert points_queries.list_disagreements() == []


@pytest.mark.parametrize("is_guarded", [True, False])
def test_yes_in_the_last_moment_and_the_job_of_the_next_end_one_way(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """In the control the job lets go of what it has seen, and stumbles over points that are spent by then."""
    member_id, payment = make_waiting()
    confirm = partial(till_points.confirm_payment, member_id, payment.public_id, now=payment.confirm_by - _MOMENT)
    results = at_the_end(committed_app, monkeypatch, confirm, payment, is_guarded=is_guarded)
    balance = points_queries.get_balance(member_id)
    assert (balance.available_points, balance.held_points, posted()) == (0, 0, 1)
    assert results[1] is False if is_guarded else isinstance(results[1], HoldCaptured)


@pytest.mark.parametrize("is_guarded", [True, False])
def test_no_in_the_last_moment_and_the_job_of_the_next_end_one_way(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """In the control the job writes that nobody answered over what the member has said."""
    member_id, payment = make_waiting()
    decline = partial(till_points.decline_payment, member_id, payment.public_id, now=payment.confirm_by - _MOMENT)
    results = at_the_end(committed_app, monkeypatch, decline, payment, is_guarded=is_guarded)
    assert (points_queries.get_balance(member_id).available_points, posted()) == (5_000, 0)
    why = db.session.scalars(select(PointsPayment.released_why)).one()
    assert (results[1], why) == ((False, "declined") if is_guarded else (True, "timed_out"))


def make_waiting() -> tuple[int, PointsPayment]:
    """A member whose phone is asked for all their points."""
    member_id, [taker] = make_tills(1, 5_000)
    payment_id = ask(member_id, taker, 5_000)
    with atomic():
        return member_id, queries.find_of_member(payment_id, member_id=member_id)


def at_the_end(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    said: partial[PointsPayment],
    payment: PointsPayment,
    *,
    is_guarded: bool,
) -> list[Any]:
    """The member answers, and before that is committed the job comes by; without guards nobody waits or reads anew."""
    member_id, public_id, over = payment.member_id, payment.public_id, payment.confirm_by

    def write_off() -> bool:
        return till_points.write_off_payment(queries.find_of_member(public_id, member_id=member_id), now=over)

    with monkeypatch.context() as without:
        if not is_guarded:
            without.setattr(till_points, "_lock", lambda seen: seen)
        return interleave(app, lambda: said().status, write_off)


def test_without_the_members_lock_two_tills_would_both_be_paid(committed_app: Flask) -> None:
    """The control: two tills read the balance, and both take from it what they have read."""
    member_id, _ = make_tills(0, 1_000)
    checked = threading.Barrier(2)

    def take(fact: str) -> None:
        with atomic():
            account = db.session.get_one(PointsAccount, member_id)
            assert account.available_points >= 600
            checked.wait(PATIENCE_S)  # both have looked before either writes
            take_unguarded(account, 600, kind=EntryKind.REDEEM, fact=fact)

    results = race(committed_app, [partial(take, "till:1"), partial(take, "till:2")])
    assert len(winners(results)) == 2
    assert [found.member_id for found in points_queries.list_disagreements()] == [member_id]


def test_without_the_unique_key_one_code_would_pay_twice(committed_app: Flask) -> None:
    """The control: the same presses, with a code of its own for each, are all paid."""
    member_id, [taker] = make_tills(1, 1_000)
    with atomic():
        member = db.session.get_one(Member, member_id)
        others = [make_taker(make_contract().store) for _ in range(2)]
        for other in others:
            show_code(member, other)
    results = race(committed_app, [partial(ask, member_id, one, 100) for one in (taker, *others)])
    assert len(winners(results)) == 3
    assert db.session.scalar(select(func.count()).select_from(PointsPayment)) == 3
