"""Paying a stay with coupons, points and cash: what is held, spent, given back, posted and told to the gate."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.benefits.coupons import coupons
from app.benefits.coupons.errors import RedemptionNotFound
from app.benefits.coupons.models import Redemption
from app.flows import parking
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.reasons import note
from app.parking.payment.models import GateMessage
from app.parking.sessions.errors import SessionNotFound
from app.parking.sessions.models import GateAction, ParkingSession
from app.payments.errors import AmountMismatch, OrderUnknown, PayerUnknown
from app.payments.models import OrderStatus, PaymentRefund
from app.payments.orders import Money
from app.points.ledger import ledger
from app.points.ledger import queries as points_queries
from app.points.worth import factors
from app.settlement.ledger.models import Posting
from app.timeline.models import TimelineEvent
from app.workers import payments as payment_worker
from tests.builders.parking import PLATE, Ground, make_driver, make_parking_coupon
from tests.parking.driver import begin, coupons_of, money_for, order_of, points_of, postings, quoted
from tests.support.clock import StillClock


@pytest.mark.requirement("S1.4")
def test_a_stay_covered_by_a_coupon_is_paid_at_once(ground: Ground) -> None:
    member = make_driver(ground, coupons=(120,))
    ground.comes(minutes_ago=100)
    payment = begin(member, quoted(member), coupons_of(member), payer=None)
    assert (payment.status, payment.waived_fen, payment.cash_fen) == ("paid", 1_200, 0)
    assert payment.exit_by == app_clock.now() + timedelta(minutes=15)
    (coupon,) = coupons_of(member)
    (redemption,) = db.session.scalars(select(Redemption))
    assert coupon.status == "redeemed"
    assert (redemption.channel, redemption.store_id, redemption.discount_fen) == ("parking", ground.store.id, 1_200)
    assert ground.leaves().action is GateAction.OPEN


@pytest.mark.parametrize("plate", ["AB1234", "沪A12345临"])
def test_a_plate_of_no_usual_kind_is_bound_paid_and_let_out(ground: Ground, plate: str) -> None:
    member = make_driver(ground, plate=f"{plate[:2]} {plate[2:]}", coupons=(120,))
    ground.comes(minutes_ago=100, plate=plate)
    assert ground.leaves(plate=plate).action is GateAction.HOLD
    begin(member, quoted(member), coupons_of(member), payer=None)
    assert ground.leaves(plate=plate).action is GateAction.OPEN


def test_the_operator_is_owed_the_shares_frozen_on_the_coupon_and_the_price_of_the_points(ground: Ground) -> None:
    member = make_driver(ground, points=600)
    make_parking_coupon(member, ground, 60, mall_share_bps=7_500)
    ground.comes(minutes_ago=100)
    begin(member, quoted(member), coupons_of(member), points=600)
    (mall_share,), (own_share,) = postings("coupon_mall_share"), postings("coupon_merchant_share")
    (spent,) = postings("points_spent")
    assert (mall_share.amount_fen, mall_share.base_fen, mall_share.store_id) == (450, 450, ground.store.id)
    assert (own_share.amount_fen, own_share.base_fen) == (0, 150)
    assert (spent.points, spent.amount_fen) == (600, 600)


def test_points_take_off_what_the_factor_says_and_are_owed_at_the_contract_price(
    ground: Ground, clock: StillClock
) -> None:
    now = app_clock.now()
    begins = app_clock.business_date(now) + timedelta(days=1)
    factors.publish(12_500, effective_from=begins, by="财务", now=now)
    clock.set(app_clock.start_of_day(begins) - timedelta(minutes=1))
    member = make_driver(ground, points=2_000)
    ground.comes(minutes_ago=100)
    before = quoted(member)
    assert (before.proposal.points, before.proposal.points_fen, before.most_points) == (1_200, 1_200, 1_200)
    clock.advance(minutes=2)
    begin(member, before, points=400)  # what was quoted holds, whatever day it has become meanwhile
    offer = quoted(member)
    assert (offer.proposal.points, offer.proposal.points_fen) == (960, 1_200)
    begin(member, offer, points=960)
    (spent,) = postings("points_spent")
    assert (spent.points, spent.amount_fen, points_of(member)) == (960, 960, 1_040)


def test_paying_stands_on_the_timeline(ground: Ground) -> None:
    member = make_driver(ground, coupons=(120,))
    ground.comes(minutes_ago=100)
    begin(member, quoted(member), coupons_of(member))
    kinds = db.session.scalars(select(TimelineEvent.kind).where(TimelineEvent.member_id == member.id))
    assert {"parking_paid", "coupon_redeemed", "visited"} <= set(kinds)


def test_the_gate_is_told_once_what_was_paid_and_waived(ground: Ground) -> None:
    member = make_driver(ground, points=200, coupons=(60,))
    ground.comes(minutes_ago=100)
    payment = begin(member, quoted(member), coupons_of(member), points=200)
    assert db.session.scalar(select(func.count()).select_from(GateMessage)) == 0
    payment_worker.take_money(money_for(payment))
    (message,) = db.session.scalars(select(GateMessage))
    assert (message.paid_fen, message.waived_fen, message.done_at) == (400, 800, None)
    assert message.exit_by == payment.exit_by


def test_while_cash_is_awaited_coupons_and_points_are_held_but_nothing_is_posted(ground: Ground) -> None:
    member = make_driver(ground, points=200, coupons=(60,))
    ground.comes(minutes_ago=100)
    payment = begin(member, quoted(member), coupons_of(member), points=200)
    assert (payment.status, payment.cash_fen, order_of(payment).amount_fen) == ("awaiting_cash", 400, 400)
    assert [coupon.status for coupon in coupons_of(member)] == ["reserved"]
    assert points_of(member) == 0
    assert db.session.scalar(select(func.count()).select_from(Posting)) == 0
    assert ground.leaves().action is GateAction.HOLD


@pytest.mark.requirement("S3.22")
def test_the_money_settles_the_stay_and_spends_what_was_held(ground: Ground) -> None:
    member = make_driver(ground, points=200, coupons=(60,))
    ground.comes(minutes_ago=100)
    payment = begin(member, quoted(member), coupons_of(member), points=200)
    assert payment_worker.take_money(money_for(payment)) is OrderStatus.PAID
    assert payment.status == "paid"
    assert [coupon.status for coupon in coupons_of(member)] == ["redeemed"]
    assert ground.leaves().action is GateAction.OPEN


def test_the_same_news_of_money_again_changes_nothing(ground: Ground) -> None:
    member = make_driver(ground, coupons=(60,))
    ground.comes(minutes_ago=100)
    payment = begin(member, quoted(member), coupons_of(member))
    money = money_for(payment)
    for _ in range(3):
        assert payment_worker.take_money(money) is OrderStatus.PAID
    session = db.session.get_one(ParkingSession, payment.session_id)
    assert session.settled_fen == 1_200
    assert db.session.scalar(select(func.count()).select_from(GateMessage)) == 1
    assert db.session.scalar(select(func.count()).select_from(Redemption)) == 1


@pytest.mark.parametrize("wrong", [{"amount_fen": 1}, {"appid": "another"}])
def test_another_amount_or_app_than_asked_for_is_refused(ground: Ground, wrong: dict[str, object]) -> None:
    member = make_driver(ground)
    ground.comes(minutes_ago=100)
    payment = begin(member, quoted(member))
    with pytest.raises(AmountMismatch):
        payment_worker.take_money(money_for(payment, **wrong))


def test_money_for_a_number_we_never_gave_is_refused(ground: Ground) -> None:
    money = Money(out_trade_no="f" * 32, transaction_id="1", amount_fen=1, appid="a", paid_at=app_clock.now())
    with pytest.raises(OrderUnknown):
        payment_worker.take_money(money)


def test_a_payment_given_up_gives_coupons_and_points_back(ground: Ground) -> None:
    member = make_driver(ground, points=200, coupons=(60,))
    ground.comes(minutes_ago=100)
    payment = begin(member, quoted(member), coupons_of(member), points=200)
    assert parking.give_up_payment(member.id, payment.public_id, now=app_clock.now()) is True
    assert parking.give_up_payment(member.id, payment.public_id, now=app_clock.now()) is False
    assert [coupon.status for coupon in coupons_of(member)] == ["issued"]
    assert points_of(member) == 200
    assert points_queries.list_disagreements() == []
    again = begin(member, quoted(member), coupons_of(member), points=200)
    assert (again.status, again.cash_fen) == ("awaiting_cash", 400)


def test_money_after_giving_up_is_owed_back_and_settles_nothing(ground: Ground) -> None:
    member = make_driver(ground, coupons=(60,))
    ground.comes(minutes_ago=100)
    payment = begin(member, quoted(member), coupons_of(member))
    parking.give_up_payment(member.id, payment.public_id, now=app_clock.now())
    money = money_for(payment)
    for _ in range(2):
        db.session.expire_all()
        assert payment_worker.take_money(money) is OrderStatus.LATE
    (refund,) = db.session.scalars(select(PaymentRefund))
    assert (refund.amount_fen, refund.status) == (600, "due")
    assert db.session.get_one(ParkingSession, payment.session_id).settled_fen == 0
    assert [coupon.status for coupon in coupons_of(member)] == ["issued"]


def test_points_held_by_a_payment_do_not_outlive_the_refund_of_their_purchase(ground: Ground) -> None:
    member = make_driver(ground)
    now = app_clock.now()
    given = ledger.accrue(member.id, points=200, reason=note("消费"), fact="purchase:pos:1", now=now)
    ground.comes(minutes_ago=100)
    payment = begin(member, quoted(member), points=200)
    ledger.take_back(member.id, points=200, earned=given, reason=note("退款"), fact="purchase:pos:2", now=now)
    parking.give_up_payment(member.id, payment.public_id, now=now)
    balance = points_queries.get_balance(member.id)
    assert (balance.available_points, balance.debt_points) == (0, 0)
    assert points_queries.list_disagreements() == []


def test_a_stay_that_changes_hands_is_paid_once(ground: Ground) -> None:
    seller, buyer = make_driver(ground, coupons=(60,)), make_driver(ground, plate=None)
    ground.comes(minutes_ago=100)
    left_open = begin(seller, quoted(seller), coupons_of(seller))
    parking.unbind_plate(seller.id, PLATE, now=app_clock.now())
    parking.bind_plate(buyer.id, PLATE, now=app_clock.now())
    paid = begin(buyer, quoted(buyer))
    assert payment_worker.take_money(money_for(paid)) is OrderStatus.PAID
    assert payment_worker.take_money(money_for(left_open)) is OrderStatus.LATE
    assert db.session.get_one(ParkingSession, paid.session_id).settled_fen == paid.due_fen
    assert [coupon.status for coupon in coupons_of(seller)] == ["issued"]


def test_a_new_payment_of_the_stay_takes_over_what_an_unfinished_one_held(ground: Ground) -> None:
    member = make_driver(ground, points=200, coupons=(60,))
    ground.comes(minutes_ago=100)
    first = begin(member, quoted(member), coupons_of(member), points=200)
    offer = quoted(member)
    assert (len(offer.proposal.coupons), offer.proposal.points) == (1, 200)
    second = begin(member, offer, coupons_of(member), points=100)
    db.session.refresh(first)
    assert (first.status, second.status, second.cash_fen) == ("released", "awaiting_cash", 500)
    assert (order_of(first).status, points_of(member)) == ("closed", 100)


@pytest.mark.requirement("S0.11")
def test_binding_a_plate_ties_the_parking_coupons_to_it(ground: Ground) -> None:
    member = make_driver(ground, plate=None, coupons=(120, 60))
    assert parking.bind_plate(member.id, "沪a·12345", now=app_clock.now()) == ("沪A12345", 2, False)
    assert {coupon.plate for coupon in coupons_of(member)} == {"沪A12345"}
    assert parking.bind_plate(member.id, "沪A12345", now=app_clock.now()) == ("沪A12345", 0, False)


def test_unbinding_a_plate_frees_its_coupons_for_the_other_car(ground: Ground) -> None:
    member = make_driver(ground, plate=None, coupons=(120, 60))
    parking.bind_plate(member.id, PLATE, now=app_clock.now())
    ground.comes(minutes_ago=100)
    begin(member, quoted(member), coupons_of(member)[:1])
    parking.bind_plate(member.id, "沪B12345", now=app_clock.now())
    ground.comes(minutes_ago=100, plate="沪B12345")
    parking.unbind_plate(member.id, PLATE, now=app_clock.now())
    kept = {coupon.plate for coupon in coupons_of(member)}
    assert kept == {PLATE, None}
    assert len(quoted(member).usable) == 1


def test_cash_needs_somebody_whom_wechat_knows(ground: Ground) -> None:
    member = make_driver(ground)
    ground.comes(minutes_ago=100)
    with pytest.raises(PayerUnknown):
        begin(member, quoted(member), payer=None)


def test_a_car_that_is_gone_cannot_be_paid(ground: Ground) -> None:
    member = make_driver(ground)
    ground.comes(minutes_ago=100)
    offer = quoted(member)
    session = db.session.get_one(ParkingSession, offer.quote.session_id)
    session.exited_at = app_clock.now()
    db.session.flush()
    with pytest.raises(SessionNotFound):
        begin(member, offer)


def test_hours_used_for_parking_are_not_undone_at_a_till(ground: Ground) -> None:
    member = make_driver(ground, coupons=(120,))
    ground.comes(minutes_ago=100)
    begin(member, quoted(member), coupons_of(member))
    (redemption,) = db.session.scalars(select(Redemption))
    with pytest.raises(RedemptionNotFound):
        coupons.reverse(redemption.public_id, store_id=ground.store.id, staff_id=None, now=app_clock.now())
