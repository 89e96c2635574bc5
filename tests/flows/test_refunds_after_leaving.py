"""What is refunded after its buyer has left is owed when they come back, for a time, and by nobody's name."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.flows import purchases
from app.flows.purchases import Buyer
from app.former.models import FormerReceipt
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.reasons import note
from app.malls.models import Mall
from app.points.ledger import ledger
from app.points.ledger import queries as points_queries
from app.purchases.rules import Receipt
from app.workers import upkeep
from app.workers.points import points
from tests.builders.malls import make_mall
from tests.builders.settlement import Contract, make_contract
from tests.flows.coming_back import PHONE, join, leave, open_mall
from tests.support.clock import StillClock


@pytest.fixture
def mall(clock: StillClock) -> Mall:
    return open_mall(make_mall())


def ring_up(contract: Contract, number: str, amount_fen: int, *, refund_of: str | None = None) -> None:
    at = app_clock.now() - timedelta(minutes=1)
    receipt = Receipt(
        source="pos",
        receipt_no=number,
        store_code=contract.store.code,
        occurred_at=at,
        amount_fen=amount_fen,
        refund_of=refund_of,
    )
    purchases.record_purchase(receipt, contract.store, Buyer(phone=PHONE), now=app_clock.now())


def spend(member: Member, count: int) -> None:
    ledger.redeem(member.id, points=count, reason=note("测试"), fact="test:spent", now=app_clock.now())


def debt(member: Member) -> int:
    points.collect_debts(limit=9)
    return points_queries.get_balance(member.id).debt_points


@pytest.mark.parametrize(("spent", "owed"), [(0, 0), (70, 30), (100, 60)])
def test_a_refund_after_leaving_is_owed_as_one_before_it(mall: Mall, spent: int, owed: int) -> None:
    """Of 100 points earned, those not spent are given up by leaving and pay for the refund of 60; then 40 follow."""
    contract = make_contract(mall)
    first = join(mall).member
    ring_up(contract, "R1", 10_000)
    if spent:
        spend(first, spent)
    leave(first)
    ring_up(contract, "F1", -6_000, refund_of="R1")
    again = join(mall).member
    assert debt(again) == owed
    ring_up(contract, "F2", -4_000, refund_of="R1")
    assert (debt(again), debt(again)) == (spent, spent)
    assert points_queries.list_disagreements() == []


def test_a_refund_after_leaving_again_waits_for_the_next_return(mall: Mall) -> None:
    contract = make_contract(mall)
    first = join(mall).member
    ring_up(contract, "R1", 10_000)
    spend(first, 100)
    leave(first)
    leave(join(mall).member)
    ring_up(contract, "F1", -10_000, refund_of="R1")
    assert points.collect_debts(limit=9).members == 0
    assert debt(join(mall).member) == 100


def test_a_receipt_of_who_left_is_remembered_by_a_digest_and_for_a_time(mall: Mall, clock: StillClock) -> None:
    contract = make_contract(mall)
    first = join(mall).member
    ring_up(contract, "R-OLD", 10_000)
    clock.advance(days=91)
    ring_up(contract, "R-1", 10_000)
    spend(first, 200)
    leave(first)
    [kept] = db.session.scalars(select(FormerReceipt))
    assert "R-1" not in kept.digest and "purchase" not in kept.digest
    ring_up(contract, "F-OLD", -10_000, refund_of="R-OLD")
    again = join(mall).member
    assert debt(again) == 0
    clock.advance(days=365)
    ring_up(contract, "F-1", -10_000, refund_of="R-1")
    assert debt(again) == 0
    upkeep.sweep()
    assert db.session.scalars(select(FormerReceipt.digest)).all() == []
