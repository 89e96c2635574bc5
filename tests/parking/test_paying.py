"""Paying a stay with coupons, points and cash: what is held, spent, given back, posted and told to the gate."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.benefits import coupons
from app.benefits.errors import RedemptionNotFound
from app.benefits.models import Coupon, Redemption
from app.flows import parking
from app.flows.parking import Payer, Wish
from app.identity.models import Member
from app.kernel import clock as house_clock
from app.kernel.db import db
from app.parking import queries
from app.parking.errors import (
    CouponNotNeeded,
    CouponNotUsable,
    NothingDue,
    QuoteExpired,
    QuoteNotFound,
    QuoteUsed,
    SessionNotFound,
    WaiversNotTaken,
)
from app.parking.models import GateAction, GateMessage, ParkingPayment, ParkingSession
from app.parking.quotes import Offer
from app.payments import queries as order_queries
from app.payments.errors import AmountMismatch, OrderUnknown, PayerUnknown
from app.payments.models import OrderStatus, PaymentOrder, PaymentRefund
from app.payments.orders import Money
from app.points import ledger
from app.points import queries as points_queries
from app.points.errors import InsufficientPoints
from app.settlement.models import Posting
from app.timeline.models import TimelineEvent
from tests.builders import parking as builders
from tests.builders.parking import PLATE, Ground, make_driver, make_parking_coupon
from tests.support.clock import StillClock

PAYER = Payer(appid="wxapp", openid="openid-1")


@pytest.fixture
def ground(clock: StillClock) -> Ground:
    return builders.make_ground()


def quoted(member: Member) -> Offer:
    (parked,) = queries.list_parked(member.id)
    return parking.stay_quoted(member.id, parked.session.public_id, now=house_clock.now())


def begin(
    member: Member, offer: Offer, chosen: list[Coupon] | None = None, points: int = 0, payer: Payer | None = PAYER
) -> ParkingPayment:
    session = db.session.get_one(ParkingSession, offer.quote.session_id)
    wish = Wish(offer.quote.public_id, [coupon.id for coupon in chosen or []], points)
    return parking.payment_begun(member.id, session.public_id, wish, payer=payer, now=house_clock.now())


def order_of(payment: ParkingPayment) -> PaymentOrder:
    order = order_queries.find_order(payment.member_id, purpose=f"parking:{payment.public_id}")
    assert order is not None
    return order


def money_for(payment: ParkingPayment, **facts: object) -> Money:
    order = order_of(payment)
    usual: dict[str, object] = {
        "out_trade_no": order.out_trade_no, "transaction_id": "4200001", "amount_fen": order.amount_fen,
        "appid": order.appid, "paid_at": house_clock.now(),
    }  # fmt: skip
    return Money(**usual | facts)  # type: ignore[arg-type]


def coupons_of(member: Member) -> list[Coupon]:
    return list(
        db.session.scalars(
            select(Coupon)
            .where(Coupon.member_id == member.id)
            .order_by(Coupon.id)
            .execution_options(populate_existing=True)
        )
    )


def points_of(member: Member) -> int:
    db.session.expire_all()
    return points_queries.get_balance(member.id).available_points


def postings(kind: str) -> list[Posting]:
    return list(db.session.scalars(select(Posting).where(Posting.kind == kind).order_by(Posting.id)))


def test_the_quote_says_what_is_due_and_proposes_hours_before_points(ground: Ground) -> None:
    member = make_driver(ground, points=10_000, coupons=(60,))
    ground.comes(minutes_ago=100)
    offer = quoted(member)
    assert (offer.quote.fee_fen, offer.quote.settled_fen, offer.quote.due_fen) == (1_200, 0, 1_200)
    assert [(cover.minutes, cover.covers_fen) for cover in offer.proposal.coupons] == [(60, 600)]
    assert (offer.proposal.points, offer.proposal.cash_fen, offer.most_points) == (600, 0, 1_200)


def test_a_stay_covered_by_a_coupon_is_paid_at_once(ground: Ground) -> None:
    member = make_driver(ground, coupons=(120,))
    ground.comes(minutes_ago=100)
    payment = begin(member, quoted(member), coupons_of(member), payer=None)
    assert (payment.status, payment.waived_fen, payment.cash_fen) == ("paid", 1_200, 0)
    assert payment.exit_by == house_clock.now() + timedelta(minutes=15)
    (coupon,) = coupons_of(member)
    (redemption,) = db.session.scalars(select(Redemption))
    assert coupon.status == "redeemed"
    assert (redemption.channel, redemption.store_id, redemption.discount_fen) == ("parking", ground.store.id, 1_200)
    assert ground.leaves().action is GateAction.OPEN


@pytest.mark.parametrize("contract", [{}, {"since": date(2026, 3, 12)}], ids=["none", "from tomorrow"])
def test_without_terms_for_the_operator_the_fee_is_paid_in_cash_alone(
    clock: StillClock, contract: dict[str, date]
) -> None:
    """Else the cash would be taken first, and the coupons could not be settled when it arrives."""
    ground = builders.make_ground_without_contract(**contract)
    member = make_driver(ground, points=10_000, coupons=(60,))
    ground.comes(minutes_ago=100)
    offer = quoted(member)
    assert (offer.proposal.waived_fen, offer.proposal.cash_fen, offer.most_points, offer.usable) == (0, 1_200, 0, [])
    for wish in ({"chosen": coupons_of(member)}, {"points": 100}):
        with pytest.raises(WaiversNotTaken), db.session.begin_nested():
            begin(member, offer, **wish)
    assert (points_of(member), [coupon.status for coupon in coupons_of(member)]) == (10_000, ["issued"])
    payment = begin(member, quoted(member))
    parking.money_arrived(money_for(payment), now=house_clock.now())
    assert (payment.status, payment.cash_fen) == ("paid", 1_200)
    assert ground.leaves().action is GateAction.OPEN


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
    parking.money_arrived(money_for(payment), now=house_clock.now())
    (message,) = db.session.scalars(select(GateMessage))
    assert (message.paid_fen, message.waived_fen, message.sent_at) == (400, 800, None)
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


def test_the_money_settles_the_stay_and_spends_what_was_held(ground: Ground) -> None:
    member = make_driver(ground, points=200, coupons=(60,))
    ground.comes(minutes_ago=100)
    payment = begin(member, quoted(member), coupons_of(member), points=200)
    assert parking.money_arrived(money_for(payment), now=house_clock.now()) is OrderStatus.PAID
    assert payment.status == "paid"
    assert [coupon.status for coupon in coupons_of(member)] == ["redeemed"]
    assert ground.leaves().action is GateAction.OPEN


def test_the_same_news_of_money_again_changes_nothing(ground: Ground) -> None:
    member = make_driver(ground, coupons=(60,))
    ground.comes(minutes_ago=100)
    payment = begin(member, quoted(member), coupons_of(member))
    money = money_for(payment)
    for _ in range(3):
        assert parking.money_arrived(money, now=house_clock.now()) is OrderStatus.PAID
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
        parking.money_arrived(money_for(payment, **wrong), now=house_clock.now())


def test_money_for_a_number_we_never_gave_is_refused(ground: Ground) -> None:
    money = Money(out_trade_no="f" * 32, transaction_id="1", amount_fen=1, appid="a", paid_at=house_clock.now())
    with pytest.raises(OrderUnknown):
        parking.money_arrived(money, now=house_clock.now())


def test_a_payment_given_up_gives_coupons_and_points_back(ground: Ground) -> None:
    member = make_driver(ground, points=200, coupons=(60,))
    ground.comes(minutes_ago=100)
    payment = begin(member, quoted(member), coupons_of(member), points=200)
    assert parking.payment_given_up(member.id, payment.public_id, now=house_clock.now()) is True
    assert parking.payment_given_up(member.id, payment.public_id, now=house_clock.now()) is False
    assert [coupon.status for coupon in coupons_of(member)] == ["issued"]
    assert points_of(member) == 200
    assert points_queries.list_disagreements() == []
    again = begin(member, quoted(member), coupons_of(member), points=200)
    assert (again.status, again.cash_fen) == ("awaiting_cash", 400)


def test_money_after_giving_up_is_owed_back_and_settles_nothing(ground: Ground) -> None:
    member = make_driver(ground, coupons=(60,))
    ground.comes(minutes_ago=100)
    payment = begin(member, quoted(member), coupons_of(member))
    parking.payment_given_up(member.id, payment.public_id, now=house_clock.now())
    money = money_for(payment)
    for _ in range(2):
        db.session.expire_all()
        assert parking.money_arrived(money, now=house_clock.now()) is OrderStatus.LATE
    (refund,) = db.session.scalars(select(PaymentRefund))
    assert (refund.amount_fen, refund.status) == (600, "due")
    assert db.session.get_one(ParkingSession, payment.session_id).settled_fen == 0
    assert [coupon.status for coupon in coupons_of(member)] == ["issued"]


def test_points_held_by_a_payment_do_not_outlive_the_refund_of_their_purchase(ground: Ground) -> None:
    member = make_driver(ground)
    now = house_clock.now()
    ledger.accrue(member.id, points=200, reason="消费", fact="purchase:pos:1", now=now)
    ground.comes(minutes_ago=100)
    payment = begin(member, quoted(member), points=200)
    ledger.take_back(member.id, points=200, earned_fact="purchase:pos:1", reason="退款", fact="purchase:pos:2", now=now)
    parking.payment_given_up(member.id, payment.public_id, now=now)
    balance = points_queries.get_balance(member.id)
    assert (balance.available_points, balance.debt_points) == (0, 0)
    assert points_queries.list_disagreements() == []


def test_a_stay_that_changes_hands_is_paid_once(ground: Ground) -> None:
    seller, buyer = make_driver(ground, coupons=(60,)), make_driver(ground, plate=None)
    ground.comes(minutes_ago=100)
    left_open = begin(seller, quoted(seller), coupons_of(seller))
    parking.plate_unbound(seller.id, PLATE, now=house_clock.now())
    parking.plate_bound(buyer.id, PLATE, now=house_clock.now())
    paid = begin(buyer, quoted(buyer))
    assert parking.money_arrived(money_for(paid), now=house_clock.now()) is OrderStatus.PAID
    assert parking.money_arrived(money_for(left_open), now=house_clock.now()) is OrderStatus.LATE
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


def test_a_quote_is_paid_once(ground: Ground) -> None:
    member = make_driver(ground, coupons=(60,))
    ground.comes(minutes_ago=100)
    offer = quoted(member)
    begin(member, offer, coupons_of(member))
    with pytest.raises(QuoteUsed):
        begin(member, offer)


def test_a_quote_is_good_for_five_minutes(ground: Ground, clock: StillClock) -> None:
    member = make_driver(ground)
    ground.comes(minutes_ago=100)
    in_time, too_late = quoted(member), quoted(member)
    clock.advance(minutes=5)
    assert begin(member, in_time).due_fen == 1_200
    clock.advance(seconds=1)
    with pytest.raises(QuoteExpired):
        begin(member, too_late)


def test_a_quote_from_before_another_payment_is_outdated(ground: Ground) -> None:
    member = make_driver(ground, coupons=(120, 120))
    ground.comes(minutes_ago=100)
    first, second = quoted(member), quoted(member)
    coupon, other = coupons_of(member)
    begin(member, first, [coupon])
    with pytest.raises(QuoteExpired):
        begin(member, second, [other])


def test_after_paying_nothing_is_due_until_the_grace_is_over_and_a_new_step_begins(
    ground: Ground, clock: StillClock
) -> None:
    member = make_driver(ground, coupons=(120,))
    ground.comes(minutes_ago=110)
    begin(member, quoted(member), coupons_of(member))
    with pytest.raises(NothingDue):
        quoted(member)
    clock.advance(minutes=15)
    assert queries.list_parked(member.id)[0].stay(until=clock.now).due_fen == 600
    with pytest.raises(NothingDue):  # a new step has begun, but the car may still go
        quoted(member)
    clock.advance(seconds=1)
    assert quoted(member).quote.due_fen == 600


def test_a_car_that_stays_past_its_grace_owes_the_difference_only(ground: Ground, clock: StillClock) -> None:
    member = make_driver(ground, points=5_000, coupons=(120,))
    ground.comes(minutes_ago=100)
    begin(member, quoted(member), coupons_of(member))
    clock.advance(minutes=90)
    held = ground.leaves()
    assert (held.action, held.due_fen) == (GateAction.HOLD, 1_200)
    payment = begin(member, quoted(member), points=1_200)
    assert (payment.status, payment.due_fen) == ("paid", 1_200)
    assert ground.leaves().action is GateAction.OPEN


def test_another_members_stay_quote_and_coupons_are_out_of_reach(ground: Ground) -> None:
    member, stranger = make_driver(ground), make_driver(ground, plate="沪B88888", coupons=(120,))
    ground.comes(minutes_ago=100)
    ground.comes(minutes_ago=100, plate="沪B88888")
    offer = quoted(member)
    session = db.session.get_one(ParkingSession, offer.quote.session_id)
    with pytest.raises(SessionNotFound):
        parking.stay_quoted(stranger.id, session.public_id, now=house_clock.now())
    with pytest.raises(CouponNotUsable):
        begin(member, offer, coupons_of(stranger))
    own = db.session.get_one(ParkingSession, quoted(stranger).quote.session_id)
    with pytest.raises(QuoteNotFound):
        wish = Wish(offer.quote.public_id, [], 0)
        parking.payment_begun(stranger.id, own.public_id, wish, payer=PAYER, now=house_clock.now())


def test_coupons_for_another_plate_or_mall_or_time_are_not_offered(ground: Ground, clock: StillClock) -> None:
    member = make_driver(ground)
    make_parking_coupon(member, ground).plate = "沪C00001"
    make_parking_coupon(member, builders.make_ground())
    make_parking_coupon(member, ground).valid_until = house_clock.now()
    db.session.flush()
    ground.comes(minutes_ago=100)
    offer = quoted(member)
    assert list(offer.usable) == []
    for coupon in coupons_of(member):
        with pytest.raises(CouponNotUsable):
            begin(member, quoted(member), [coupon])


def test_binding_a_plate_ties_the_parking_coupons_to_it(ground: Ground) -> None:
    member = make_driver(ground, plate=None, coupons=(120, 60))
    assert parking.plate_bound(member.id, "沪a·12345", now=house_clock.now()) == ("沪A12345", 2)
    assert {coupon.plate for coupon in coupons_of(member)} == {"沪A12345"}
    assert parking.plate_bound(member.id, "沪A12345", now=house_clock.now()) == ("沪A12345", 0)


def test_hours_that_would_be_wasted_are_refused(ground: Ground) -> None:
    member = make_driver(ground, coupons=(120, 120))
    ground.comes(minutes_ago=100)
    with pytest.raises(CouponNotNeeded):
        begin(member, quoted(member), coupons_of(member))
    assert [coupon.status for coupon in coupons_of(member)] == ["issued", "issued"]


def test_more_points_than_the_member_has_are_refused(ground: Ground) -> None:
    member = make_driver(ground, points=100)
    ground.comes(minutes_ago=100)
    with pytest.raises(InsufficientPoints):
        begin(member, quoted(member), points=101)


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
    session.exited_at = house_clock.now()
    db.session.flush()
    with pytest.raises(SessionNotFound):
        begin(member, offer)


def test_hours_used_for_parking_are_not_undone_at_a_till(ground: Ground) -> None:
    member = make_driver(ground, coupons=(120,))
    ground.comes(minutes_ago=100)
    begin(member, quoted(member), coupons_of(member))
    (redemption,) = db.session.scalars(select(Redemption))
    with pytest.raises(RedemptionNotFound):
        coupons.reverse(redemption.public_id, store_id=ground.store.id, staff_id=None, now=house_clock.now())
