"""The stock of consents under a rush: n takers, k consents, k winners; and what would happen without the guard."""

import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select, update

from app.kernel import clock
from app.kernel.db import atomic, db
from app.outreach.consents import consents
from app.outreach.consents.models import SubscribeConsent
from tests.builders.identity import make_member
from tests.builders.outreach import allow
from tests.support.patience import PATIENCE_S
from tests.support.races import race, winners

TAKERS, STOCK = 8, 3


def _member(stock: int = STOCK) -> int:
    with atomic():
        member = make_member()
        allow(member, stock)
        return member.id


def _remaining(member_id: int) -> int:
    with atomic():
        return consents.stock(member_id)["benefit"]


def _take(member_id: int, number: int) -> Callable[[], bool]:
    def take() -> bool:
        with atomic():
            return consents.reserve(member_id, template="benefit", fact=f"message:{number}:1", now=clock.now())

    return take


def test_as_many_messages_as_consents(committed_app: Flask) -> None:
    member_id = _member()
    taken = race(committed_app, [_take(member_id, number) for number in range(TAKERS)])
    assert sorted(taken) == [False] * (TAKERS - STOCK) + [True] * STOCK
    assert _remaining(member_id) == 0


def test_one_message_takes_one_consent_however_often_it_is_claimed(committed_app: Flask) -> None:
    member_id = _member()
    taken = race(committed_app, [_take(member_id, 1) for _ in range(TAKERS)])
    assert winners(taken) == [True]
    assert _remaining(member_id) == STOCK - 1


def test_one_dialog_counts_once_however_often_it_is_reported(committed_app: Flask) -> None:
    member_id = _member(stock=0)

    def report() -> int:
        with atomic():
            return consents.refill(member_id, template="benefit", fact="dialog:once", now=clock.now())

    assert race(committed_app, [report] * TAKERS) == [1] * TAKERS
    assert _remaining(member_id) == 1


def test_accepts_and_takers_together_lose_nothing(committed_app: Flask) -> None:
    member_id = _member()

    def accept(number: int) -> Callable[[], int]:
        def refill() -> int:
            with atomic():
                return consents.refill(member_id, template="benefit", fact=f"more:{number}", now=clock.now())

        return refill

    callers = [_take(member_id, number) for number in range(4)] + [accept(number) for number in range(4)]
    results = race(committed_app, callers)
    assert _remaining(member_id) == STOCK + 4 - sum(results[:4])


def test_control_without_the_condition_one_consent_is_taken_twice(committed_app: Flask) -> None:
    member_id = _member(stock=1)
    both_have_looked = threading.Barrier(2)

    def look_then_take() -> bool:
        with atomic():
            row = select(SubscribeConsent.remaining).where(SubscribeConsent.member_id == member_id)
            remaining = db.session.scalar(row) or 0
            both_have_looked.wait(PATIENCE_S)
            if remaining < 1:
                return False
            taken = update(SubscribeConsent).where(SubscribeConsent.member_id == member_id)
            db.session.execute(taken.values(remaining=remaining - 1))
            return True

    assert race(committed_app, [look_then_take] * 2) == [True, True]
