"""What people decide about receipts that wait, and when they are asked."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.access.audit import Actor
from app.access.models import Staff
from app.care.errors import OwnMembership
from app.cases import cases
from app.cases.models import SETTLED_ITSELF, Case
from app.flows import purchases
from app.flows.held import asking
from app.flows.purchases import Buyer
from app.identity.models import Member
from app.kernel.db import db
from app.points.ledger import queries as points_queries
from app.purchases.models import InboxReceipt, Purchase
from app.purchases.rules import Receipt
from app.purchases.settings import settings
from app.purchases.settings.settings import Settings
from app.purchases.waiting.errors import NothingToMatch
from app.purchases.waiting.models import WaitingReceipt
from tests.builders.identity import make_member
from tests.builders.settlement import Contract
from tests.builders.staff import make_staff, phone_of
from tests.support.clock import StillClock


def ring_up(
    contract: Contract, source: str, number: str, at: datetime, buyer: Member | None = None, **facts: Any
) -> None:
    receipt = Receipt(
        source=source,
        receipt_no=number,
        store_code=contract.store.code,
        occurred_at=at,
        **{"amount_fen": 10_000, **facts},
    )
    named = Buyer() if buyer is None else Buyer(card_no=buyer.card_no)
    purchases.record_purchase(receipt, contract.store, named, now=at)


def doubt(contract: Contract, member: Member, clock: StillClock) -> Case:
    """Two receipts of nobody, and one of the member that may be either."""
    for number, minutes in (("N1", 0), ("N2", 4)):
        ring_up(contract, "pos", number, clock.now + timedelta(minutes=minutes))
    ring_up(contract, "circle", "C1", clock.now + timedelta(minutes=5), member)
    return asked_once(clock)


def asked_once(clock: StillClock) -> Case:
    assert asking.raise_cases(now=clock.now, limit=9) == 1
    assert asking.raise_cases(now=clock.now, limit=9) == 0
    return db.session.scalars(select(Case)).one()


def answer(case: Case, outcome: str, clock: StillClock, *, person: Staff | None = None) -> None:
    person = person or make_staff()
    by = Actor("staff", person.id, person.name)
    cases.take(case.id, by, now=clock.now)
    cases.answer(case.id, outcome, by, note="", now=clock.now)


def points_of(member: Member) -> int:
    return points_queries.get_balance(member.id).available_points


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize(("outcome", "left"), [("same", ["N1"]), ("apart", ["N1", "N2"])])
def test_people_say_whether_it_is_the_nearest_or_another_one(
    contract: Contract, member: Member, clock: StillClock, outcome: str, left: list[str]
) -> None:
    case = doubt(contract, member, clock)
    assert (case.kind, case.reason, points_of(member)) == ("same_payment", "several", 0)
    answer(case, outcome, clock)
    assert (points_of(member), count(Purchase), count(WaitingReceipt)) == (100, 1, 0)
    assert list(db.session.scalars(select(InboxReceipt.receipt_no).order_by(InboxReceipt.id))) == left


@pytest.mark.parametrize("outcome", ["same", "apart"])
def test_nobody_decides_about_their_own(contract: Contract, clock: StillClock, outcome: str) -> None:
    person = make_staff()
    own = make_member(contract.mall, phone=phone_of(person))
    case = doubt(contract, own, clock)
    with pytest.raises(OwnMembership):
        answer(case, outcome, clock, person=person)
    assert (points_of(own), count(WaitingReceipt)) == (0, 1)


def test_a_refund_of_what_waits_waits_with_it(contract: Contract, member: Member, clock: StillClock) -> None:
    case = doubt(contract, member, clock)
    ring_up(contract, "circle", "B1", clock.now, amount_fen=-4_000, refund_of="C1")
    assert count(WaitingReceipt) == 2
    answer(case, "apart", clock)
    assert (points_of(member), count(WaitingReceipt)) == (60, 0)


def test_nothing_is_the_same_as_what_has_gone(contract: Contract, member: Member, clock: StillClock) -> None:
    case = doubt(contract, member, clock)
    for number, minutes in (("N1", 0), ("N2", 4)):  # both find other buyers
        at = clock.now + timedelta(minutes=minutes)
        ring_up(contract, "pos", number, at, make_member(contract.mall))
    with pytest.raises(NothingToMatch):
        answer(case, "same", clock)
    assert points_of(member) == 0


def test_a_refund_without_its_purchase_is_asked_about_after_the_malls_days_and_settles_itself(
    contract: Contract, member: Member, clock: StillClock
) -> None:
    settings.change(contract.mall.id, Settings(refund_days=3))
    ring_up(contract, "pos", "B1", clock.now, amount_fen=-4_000, refund_of="R1")
    clock.advance(days=3, seconds=-1)
    assert asking.raise_cases(now=clock.now, limit=9) == 0
    clock.advance(seconds=1)
    case = asked_once(clock)
    assert (case.kind, case.reason) == ("refund_ahead", "no_purchase")
    ring_up(contract, "pos", "R1", clock.now - timedelta(days=4), member)
    assert points_of(member) == 60
    asking.raise_cases(now=clock.now, limit=9)
    db.session.refresh(case)
    assert case.outcome == SETTLED_ITSELF


def test_a_refund_that_was_refused_is_asked_about_at_once_and_can_be_set_aside(
    contract: Contract, member: Member, clock: StillClock
) -> None:
    ring_up(contract, "pos", "B1", clock.now, amount_fen=-40_000, refund_of="R1")
    ring_up(contract, "pos", "R1", clock.now, member)
    case = asked_once(clock)
    assert case.reason == "refused"
    answer(case, "set_aside", clock)
    row = db.session.scalars(select(WaitingReceipt).execution_options(populate_existing=True)).one()
    assert (row.dismissed_for, points_of(member)) == ("wrong", 100)
    assert asking.raise_cases(now=clock.now, limit=9) == 0
