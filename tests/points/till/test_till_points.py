"""Paying with points at a till: the code's consent and the phone's, what is held, spent, owed, undone, let go."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.flows.consequences import self_dealing
from app.flows.points import till_points
from app.flows.points.till_points import Taker
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.points.ledger import queries as points_queries
from app.points.ledger.errors import InsufficientPoints
from app.points.till import queries, rules, till_rules
from app.points.till.errors import (
    CodeSpent,
    CodeTooOld,
    PaymentNotFound,
    PaymentNotPaid,
    PaymentOver,
    PaymentWaits,
    PointsWorthNothing,
    StoreTakesNoPoints,
    TillRulesConflict,
    TillRulesInForce,
    TillRulesTooEarly,
    UndoTooLate,
)
from app.points.till.models import PaymentStatus, PointsPayment
from app.points.till.rules import TillTerms
from app.points.worth import factors
from app.settlement.ledger.models import Posting
from app.timeline.models import TimelineEvent
from app.workers.points import points as worker
from tests.builders.malls import make_mall, make_merchant, make_store
from tests.builders.settlement import Contract, make_contract
from tests.builders.staff import make_clerk
from tests.builders.till_points import ask, make_saver, make_taker, show_code
from tests.support.clock import StillClock


@pytest.fixture
def contract(clock: StillClock) -> Contract:
    return make_contract(redeem_price_fen=90)


@pytest.fixture
def taker(contract: Contract) -> Taker:
    return make_taker(contract.store)


@pytest.fixture
def member(contract: Contract) -> Member:
    return make_saver(10_000)


def balance(member: Member) -> tuple[int, int]:
    """Points that can be spent, and points held."""
    db.session.expire_all()
    found = points_queries.get_balance(member.id)
    return found.available_points, found.held_points


def postings() -> list[tuple[int, int]]:
    """Points and fen posted, with what took them back."""
    return [(one.points, one.amount_fen) for one in db.session.scalars(select(Posting).order_by(Posting.id))]


@pytest.mark.requirement("S3.8")
def test_few_points_are_paid_by_the_code_alone_and_owed_at_the_contract_price(
    member: Member, taker: Taker, contract: Contract
) -> None:
    now = app_clock.now()
    payment = ask(member, taker, 1_200)
    assert (payment.status, payment.worth_fen, payment.consented_at) == ("paid", 1_200, now)
    assert balance(member) == (8_800, 0)
    assert postings() == [(1_200, 1_080)]
    (visit,) = db.session.scalars(select(TimelineEvent).where(TimelineEvent.member_id == member.id))
    assert (visit.kind, visit.source, visit.store_id) == ("visited", "points", contract.store.id)


def test_more_points_wait_for_the_phone_and_nothing_is_posted_until_it_says_yes(member: Member, taker: Taker) -> None:
    payment = ask(member, taker, 5_000)
    assert payment.status == "awaiting" and payment.consented_at is None
    assert balance(member) == (5_000, 5_000) and postings() == []
    (asking,) = queries.list_asking(member.id, now=app_clock.now())
    for _ in range(2):
        paid = till_points.confirm_payment(member.id, asking.public_id, now=app_clock.now())
        assert paid.status == "paid"
    assert balance(member) == (5_000, 0) and len(postings()) == 1
    assert queries.list_asking(member.id, now=app_clock.now()) == []


def test_what_is_declined_or_withdrawn_is_free_again(member: Member, taker: Taker) -> None:
    first = ask(member, taker, 5_000)
    till_points.decline_payment(member.id, first.public_id, now=app_clock.now())
    second = ask(member, taker, 5_000)
    till_points.withdraw_payment(second, taker, now=app_clock.now())
    assert (first.released_why, second.released_why) == ("declined", "withdrawn")
    assert balance(member) == (10_000, 0) and postings() == []
    with pytest.raises(PaymentOver):
        till_points.confirm_payment(member.id, first.public_id, now=app_clock.now())


def test_nobody_confirms_in_time(member: Member, taker: Taker, clock: StillClock) -> None:
    payment = ask(member, taker, 5_000)
    clock.advance(minutes=5)
    assert rules.status_at(payment, clock.now) is PaymentStatus.RELEASED
    assert queries.list_asking(member.id, now=clock.now) == []
    with pytest.raises(PaymentOver):
        till_points.confirm_payment(member.id, payment.public_id, now=clock.now)
    assert worker.write_off_payments(limit=10) == 1 and worker.write_off_payments(limit=10) == 0
    db.session.refresh(payment)
    assert payment.released_why == "timed_out" and balance(member) == (10_000, 0)
    assert points_queries.list_disagreements() == []


def test_a_code_pays_once_and_not_for_long(member: Member, taker: Taker, clock: StillClock) -> None:
    with pytest.raises(CodeTooOld):
        till_points.ask_for_points(member.id, 100, taker, now=clock.now)
    ask(member, taker, 100)
    with pytest.raises(CodeSpent):
        till_points.ask_for_points(member.id, 100, taker, now=clock.now)
    clock.advance(seconds=1)
    show_code(member, taker)
    clock.advance(minutes=6)
    with pytest.raises(CodeTooOld):
        till_points.ask_for_points(member.id, 100, taker, now=clock.now)
    assert balance(member) == (9_900, 0)


def test_another_stores_look_at_the_code_is_no_consent(member: Member, taker: Taker, contract: Contract) -> None:
    other = make_taker(make_store(contract.mall, contract.merchant))
    show_code(member, taker)
    with pytest.raises(CodeTooOld):
        till_points.ask_for_points(member.id, 100, other, now=app_clock.now())


def test_one_payment_waits_in_a_store_at_a_time(member: Member, taker: Taker, clock: StillClock) -> None:
    ask(member, taker, 5_000)
    clock.advance(seconds=1)
    with pytest.raises(PaymentWaits):
        ask(member, taker, 100)


def test_what_there_is_not_is_refused_whole(member: Member, taker: Taker) -> None:
    with pytest.raises(InsufficientPoints):
        ask(member, taker, 10_001)
    assert balance(member) == (10_000, 0)


def test_a_store_without_terms_takes_no_points(member: Member, clock: StillClock) -> None:
    with pytest.raises(StoreTakesNoPoints):
        ask(member, make_taker(make_store(make_mall(), make_merchant())), 100)


def test_the_factor_makes_the_worth_and_not_the_price(member: Member, taker: Taker, clock: StillClock) -> None:
    tomorrow = app_clock.business_date(clock.now) + timedelta(days=1)
    factors.publish(1_000, effective_from=tomorrow, by="财务", now=clock.now)
    before = postings_of(ask(member, taker, 400))
    clock.advance(days=1)
    payment = ask(member, taker, 400)
    assert payment.worth_fen == 40 and postings_of(payment) == before
    clock.advance(seconds=1)
    with pytest.raises(PointsWorthNothing):
        ask(member, taker, 4)


def postings_of(payment: PointsPayment) -> int:
    """What the store is owed for it, in fen."""
    return db.session.scalars(select(Posting.amount_fen).where(Posting.act_ref == payment.public_id)).one()


def test_an_undo_in_time_gives_points_back_and_takes_the_posting_back(
    member: Member, taker: Taker, clock: StillClock
) -> None:
    payment = ask(member, taker, 1_000)
    clock.advance(minutes=14)
    till_points.undo_payment(payment, taker, now=clock.now)
    assert payment.status == "reversed" and balance(member) == (10_000, 0)
    assert sum(fen for _, fen in postings()) == 0 and len(postings()) == 2
    assert points_queries.list_disagreements() == []
    with pytest.raises(PaymentNotPaid):
        till_points.undo_payment(payment, taker, now=clock.now)


def test_an_undo_that_comes_too_late_is_refused(member: Member, taker: Taker, clock: StillClock) -> None:
    payment = ask(member, taker, 1_000)
    clock.advance(minutes=15, seconds=1)
    with pytest.raises(UndoTooLate):
        till_points.undo_payment(payment, taker, now=clock.now)
    with pytest.raises(PaymentNotFound):
        queries.find_in_store(payment.public_id, store_id=taker.store_id + 1)


def test_rules_of_a_mall_hold_from_a_day_on(contract: Contract, clock: StillClock) -> None:
    today = app_clock.business_date(clock.now)
    mall_id, tomorrow = contract.mall.id, today + timedelta(days=1)
    strict = TillTerms(code_limit_points=0, wait_minutes=2)
    version = till_rules.publish(mall_id, strict, effective_from=tomorrow, by="运营", now=clock.now)
    assert till_rules.in_force(mall_id, today) == TillTerms() and till_rules.in_force(mall_id, tomorrow) == strict
    with pytest.raises(TillRulesConflict):
        till_rules.publish(mall_id, TillTerms(), effective_from=tomorrow, by="运营", now=clock.now)
    with pytest.raises(TillRulesTooEarly):
        till_rules.publish(mall_id, strict, effective_from=today, by="运营", now=clock.now)
    clock.advance(days=1)
    member = make_saver(100)
    assert ask(member, make_taker(contract.store), 1).status == "awaiting"
    with pytest.raises(TillRulesInForce):
        till_rules.withdraw(mall_id, version.id, now=clock.now)


def test_a_clerk_who_takes_their_own_points_is_asked_about_once(contract: Contract, clock: StillClock) -> None:
    clerk = make_clerk(contract.store, phone="13912345678")
    member = make_saver(500, phone="13912345678")
    ask(member, make_taker(contract.store, staff_id=clerk.id), 500)
    assert self_dealing.raise_cases(now=clock.now, limit=9) == 1
    assert self_dealing.raise_cases(now=clock.now, limit=9) == 0
