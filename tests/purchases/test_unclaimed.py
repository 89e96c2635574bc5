"""Receipts nobody claimed are asked about once: by store and day, a day after the day."""

import pytest
from sqlalchemy import select

from app.access.audit import Actor
from app.access.models import Role
from app.cases import cases
from app.cases.models import Case
from app.flows import purchases
from app.kernel.db import db
from app.malls.models import Store
from app.purchases import unclaimed
from app.purchases.rules import Receipt
from tests.builders.malls import make_mall, make_merchant, make_store
from tests.builders.staff import make_staff
from tests.support.clock import StillClock


@pytest.fixture
def store(db_session: object) -> Store:
    return make_store(make_mall(), make_merchant(), name="沸腾火锅")


def sell(store: Store, number: int, clock: StillClock, *, amount_fen: int = 1_000) -> None:
    receipt = Receipt(
        source="pos",
        receipt_no=f"R{number}",
        store_code=store.code,
        occurred_at=clock.now,
        amount_fen=amount_fen,
    )
    purchases.record_purchase(receipt, store, purchases.Buyer(card_no=None), now=clock.now)


def look(clock: StillClock) -> int:
    return unclaimed.raise_cases(now=clock.now, limit=10)


def asked() -> list[Case]:
    return list(db.session.scalars(select(Case).order_by(Case.id)))


def test_a_store_s_day_is_asked_about_when_all_its_receipts_are_a_day_old(store: Store, clock: StillClock) -> None:
    sell(store, 1, clock)
    sell(store, 2, clock, amount_fen=2_500)
    assert look(clock) == 0
    clock.advance(days=1)
    assert look(clock) == 0
    clock.advance(days=1)
    assert (look(clock), look(clock)) == (1, 0)
    (case,) = asked()
    assert (case.kind, case.mall_id, case.role) == ("receipts_unclaimed", store.mall_id, "operations")
    assert case.facts | {"day": ""} == {"store": "沸腾火锅", "receipts": 2, "amount_fen": 3_500, "day": ""}
    assert case.evidence == [case.subject, f"store:{store.id}"]


def test_what_was_answered_is_not_asked_again(store: Store, clock: StillClock) -> None:
    sell(store, 1, clock)
    clock.advance(days=2)
    look(clock)
    person = make_staff(Role.ADMINISTRATOR)
    by = Actor("staff", person.id, person.name)
    cases.take(asked()[0].id, by, now=clock.now)
    cases.answer(asked()[0].id, "no_members", by, note="", now=clock.now)
    assert look(clock) == 0


def test_every_store_and_day_is_a_question_of_its_own(store: Store, clock: StillClock) -> None:
    other = make_store(make_mall(), make_merchant(), name="拾光咖啡")
    sell(store, 1, clock)
    sell(other, 2, clock)
    clock.advance(days=1)
    sell(store, 3, clock)
    clock.advance(days=2)
    assert look(clock) == 3
    assert len({case.subject for case in asked()}) == 3
    assert {case.mall_id for case in asked()} == {store.mall_id, other.mall_id}


def test_what_lies_further_back_is_history(store: Store, clock: StillClock) -> None:
    sell(store, 1, clock)
    clock.advance(days=unclaimed.LOOK_BACK.days + 3)
    assert look(clock) == 0


def test_at_most_so_many_are_raised_at_once_and_the_rest_next_time(store: Store, clock: StillClock) -> None:
    for number in range(3):
        sell(store, number, clock)
        clock.advance(days=1)
    clock.advance(days=1)
    assert [unclaimed.raise_cases(now=clock.now, limit=2) for _ in range(3)] == [2, 1, 0]
