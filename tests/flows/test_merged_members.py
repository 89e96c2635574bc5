"""What was begun by somebody who was merged into another member meanwhile goes on as that member, once."""

import pytest
from sqlalchemy import select

from app.flows import newbie_tasks, parking, purchases
from app.flows.members.leaving import Cost, let_member_leave
from app.flows.purchases import Buyer, Recorded
from app.identity import queries
from app.identity.models import Member
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.reasons import note
from app.points.ledger import ledger
from app.points.ledger import queries as points
from app.purchases.rules import Receipt
from app.settlement.ledger.models import Posting
from app.tasks import newbie
from app.tasks.models import TaskCompletion
from app.tiers.growth import growth
from app.timeline.models import EventKind, TimelineEvent
from tests.builders import cases
from tests.builders.identity import make_member
from tests.builders.parking import make_driver, make_ground
from tests.builders.settlement import Contract, make_contract
from tests.builders.tasks import make_newbie_tasks, make_tiers
from tests.parking.driver import begin, quoted
from tests.support.clock import StillClock


@pytest.fixture
def contract(clock: StillClock) -> Contract:
    make_tiers()
    make_newbie_tasks()
    return make_contract()


@pytest.fixture
def older(contract: Contract, clock: StillClock) -> Member:
    """Who joined a day before everybody else."""
    older = make_member(contract.mall)
    clock.advance(days=1)
    return older


@pytest.fixture
def younger(contract: Contract, older: Member) -> Member:
    return make_member(contract.mall)


def bring(contract: Contract, clock: StillClock, buyer: Member, *, amount_fen: int, refund_no: int = 0) -> Recorded:
    """A purchase, or a part of it brought back."""
    receipt = Receipt(
        source="pos",
        receipt_no=f"RF{refund_no}" if refund_no else "R1",
        store_code=contract.store.code,
        occurred_at=clock.now,
        amount_fen=amount_fen,
        refund_of="R1" if refund_no else None,
    )
    return purchases.record_purchase(receipt, contract.store, Buyer(card_no=buyer.card_no), now=clock.now)


@pytest.mark.parametrize("spent", [0, 60])
def test_a_refund_takes_its_points_and_growth_from_whom_the_buyer_was_merged_into(
    contract: Contract, older: Member, younger: Member, clock: StillClock, spent: int
) -> None:
    ledger.accrue(older.id, points=10, reason=note("测试"), fact=Fact("test"), now=clock.now)
    assert bring(contract, clock, younger, amount_fen=10_000).points == 100
    if spent:
        ledger.redeem(younger.id, points=spent, reason=note("测试"), fact=Fact("spent"), now=clock.now)
    cases.merge(older, younger)
    parts = [bring(contract, clock, younger, amount_fen=-part, refund_no=n) for n, part in ((1, 4_000), (2, 6_000))]
    assert [(one.points, one.member) for one in parts] == [(-40, older), (-60, older)]
    balance = points.get_balance(older.id)
    assert (balance.available_points, balance.debt_points) == (max(10 - spent, 0), max(spent - 10, 0))
    assert points.get_balance(younger.id) == points.get_balance(-1)
    assert (growth.value_of(older.id), growth.value_of(younger.id)) == (0, 0)
    assert points.list_disagreements() == []
    assert sum(db.session.scalars(select(Posting.amount_fen))) == 0
    events = db.session.scalars(select(TimelineEvent.member_id).where(TimelineEvent.kind == EventKind.REFUNDED.value))
    assert list(events) == [older.id, older.id]


def test_a_refund_that_comes_again_after_a_merge_gets_the_same_answer(
    contract: Contract, older: Member, younger: Member, clock: StillClock
) -> None:
    bring(contract, clock, younger, amount_fen=10_000)
    cases.merge(older, younger)
    first = bring(contract, clock, younger, amount_fen=-4_000, refund_no=1)
    again = bring(contract, clock, younger, amount_fen=-4_000, refund_no=1)
    assert (first.is_new, again.is_new) == (True, False)
    assert (again.points, again.member, again.purchase) == (first.points, first.member, first.purchase)
    assert points.get_balance(older.id).available_points == 60


def test_a_task_that_was_done_is_not_paid_for_again(older: Member, younger: Member, clock: StillClock) -> None:
    newbie_tasks.tell_preferences(younger.id, categories=["dining"], now=clock.now)
    paid = points.get_balance(younger.id).available_points
    cases.merge(older, younger)
    for number in (younger.id, older.id):  # the session of before the merge, and a new one
        assert newbie_tasks.tell_preferences(number, categories=["kids"], now=clock.now).points_awarded == 0
    assert points.get_balance(older.id).available_points == paid
    assert list(newbie.list_completions(older.id)) == [newbie.PREFERENCES]


def test_a_car_that_is_parked_is_paid_for_by_whom_its_driver_was_merged_into(older: Member, clock: StillClock) -> None:
    ground = make_ground()
    driver = make_driver(ground, points=600)
    ground.comes(minutes_ago=100)
    cases.merge(older, driver)
    payment = begin(older, quoted(older), points=600)
    assert parking.give_up_payment(older.id, payment.public_id, now=clock.now) is True
    assert points.get_balance(older.id).available_points == 600
    assert points.list_disagreements() == []


def test_whoever_asks_to_leave_by_the_old_number_leaves_as_who_they_are(
    older: Member, younger: Member, clock: StillClock
) -> None:
    newbie_tasks.tell_preferences(younger.id, categories=["dining"], now=clock.now)
    cases.merge(older, younger)
    cost = Cost(points=points.get_balance(older.id).available_points, coupons=0)
    let_member_leave(younger.id, told=cost, now=clock.now)
    assert (older.status, younger.status) == ("closed", "merged")
    assert queries.lock_member(younger.id) is older
    assert list(db.session.scalars(select(TaskCompletion.facts))) == [{}, {}]
