"""Quotes of a stay: what is due, what may cover it, how long they hold and for whom."""

from datetime import date

import pytest

from app.flows import parking
from app.flows.parking import PaymentChoice
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.parking.payment.errors import (
    CouponNotNeeded,
    CouponNotUsable,
    NothingDue,
    QuoteExpired,
    QuoteNotFound,
    QuoteUsed,
    WaiversNotTaken,
)
from app.parking.sessions import queries
from app.parking.sessions.errors import SessionNotFound
from app.parking.sessions.models import GateAction, ParkingSession
from app.points.ledger.errors import InsufficientPoints
from app.workers import payments as payment_worker
from tests.builders import parking as builders
from tests.builders.parking import Ground, make_driver, make_parking_coupon
from tests.parking.driver import PAYER, begin, coupons_of, money_for, points_of, quoted
from tests.support.clock import StillClock


@pytest.mark.requirement("S1.29")
def test_the_quote_says_what_is_due_and_proposes_hours_before_points(ground: Ground) -> None:
    member = make_driver(ground, points=10_000, coupons=(60,))
    ground.comes(minutes_ago=100)
    offer = quoted(member)
    assert (offer.quote.fee_fen, offer.quote.settled_fen, offer.quote.due_fen) == (1_200, 0, 1_200)
    assert [(cover.minutes, cover.covers_fen) for cover in offer.proposal.coupons] == [(60, 600)]
    assert (offer.proposal.points, offer.proposal.cash_fen, offer.most_points) == (600, 0, 1_200)


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
    payment_worker.take_money(money_for(payment))
    assert (payment.status, payment.cash_fen) == ("paid", 1_200)
    assert ground.leaves().action is GateAction.OPEN


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
        parking.quote_stay(stranger.id, session.public_id, now=app_clock.now())
    with pytest.raises(CouponNotUsable):
        begin(member, offer, coupons_of(stranger))
    own = db.session.get_one(ParkingSession, quoted(stranger).quote.session_id)
    with pytest.raises(QuoteNotFound):
        wish = PaymentChoice(offer.quote.public_id, [], 0)
        parking.begin_payment(stranger.id, own.public_id, wish, payer=PAYER, now=app_clock.now())


def test_coupons_for_another_plate_or_mall_or_time_are_not_offered(ground: Ground, clock: StillClock) -> None:
    member = make_driver(ground)
    make_parking_coupon(member, ground).plate = "沪C00001"
    make_parking_coupon(member, builders.make_ground())
    make_parking_coupon(member, ground).valid_until = app_clock.now()
    db.session.flush()
    ground.comes(minutes_ago=100)
    offer = quoted(member)
    assert list(offer.usable) == []
    for coupon in coupons_of(member):
        with pytest.raises(CouponNotUsable):
            begin(member, quoted(member), [coupon])


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
