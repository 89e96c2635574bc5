"""Coupon hours pressed at the same moment from everywhere; and what would happen without the guards."""

import threading
from dataclasses import dataclass
from functools import partial

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.benefits.coupons.models import Coupon, Redemption
from app.flows import parking
from app.flows.parking import PaymentChoice
from app.identity import queries as identity_queries
from app.kernel import clock
from app.kernel.db import atomic, db, violates
from app.parking.payment import payments, queries, rules
from app.parking.payment.errors import CouponNotUsable, QuoteExpired, QuoteUsed
from app.parking.payment.models import GateMessage, ParkingPayment, ParkingWaiver
from app.parking.sessions.models import ParkingSession
from app.payments.models import PaymentOrder, PaymentRefund
from app.payments.orders import Money, Payer
from app.settlement.ledger.models import Posting
from app.workers import payments as payment_worker
from tests.builders.parking import PLATE, make_driver, make_ground, make_parking_coupon
from tests.support.member_api import Device, sign_in
from tests.support.patience import PATIENCE_S
from tests.support.races import race, winners

CALLERS = 6
OTHER_PLATE = "沪B88888"


@dataclass(frozen=True, slots=True)
class Scene:
    """A member, one two-hour coupon, and two cars that owe 12 yuan each."""

    member_id: int
    coupon_id: int
    session_ids: tuple[str, str]

    def quote(self, car: int = 0) -> str:
        with atomic():
            return parking.quote_stay(self.member_id, self.session_ids[car], now=clock.now()).quote.public_id

    def pay(self, quote_id: str, car: int = 0) -> str:
        with atomic():
            wish = PaymentChoice(quote_id, [self.coupon_id], 0)
            return parking.begin_payment(
                self.member_id, self.session_ids[car], wish, payer=None, now=clock.now()
            ).status


def make_scene() -> Scene:
    with atomic():
        ground = make_ground()
        member = make_driver(ground)
        # One plate is bound by the builder; the coupon stays free for either car.
        parking.bind_plate(member.id, OTHER_PLATE, now=clock.now())
        first, second = (ground.comes(minutes_ago=100, plate=plate).session for plate in (PLATE, OTHER_PLATE))
        coupon = make_parking_coupon(member, ground)
        return Scene(member.id, coupon.id, (first.public_id, second.public_id))


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def settled_fen() -> list[int]:
    return sorted(db.session.scalars(select(ParkingSession.settled_fen)))


def test_one_coupon_pressed_for_two_cars_at_once_frees_one(committed_app: Flask) -> None:
    scene = make_scene()
    quotes = [(scene.quote(n % 2), n % 2) for n in range(CALLERS)]
    results = race(committed_app, [partial(scene.pay, quote, car) for quote, car in quotes])
    assert winners(results) == ["paid"]
    refusals = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, CouponNotUsable | QuoteExpired) for one in refusals), refusals
    assert settled_fen() == [0, 1_200]
    assert (count(Redemption), count(GateMessage), count(Posting)) == (1, 1, 2)


def test_one_quote_pressed_many_times_is_paid_once(committed_app: Flask) -> None:
    scene = make_scene()
    quote_id = scene.quote()
    results = race(committed_app, [partial(scene.pay, quote_id)] * CALLERS)
    assert winners(results) == ["paid"]
    assert all(isinstance(one, CouponNotUsable | QuoteUsed) for one in results if isinstance(one, Exception))
    assert (count(ParkingPayment), count(Redemption)) == (1, 1)


def test_one_command_sent_many_times_is_one_payment_with_one_answer(committed_app: Flask) -> None:
    scene = make_scene()
    wish = {"quote_id": scene.quote(), "coupon_ids": [str(scene.coupon_id)], "points": 0}
    with atomic():
        token = sign_in(committed_app.test_client(), identity_queries.get_member(scene.member_id)).token

    def press() -> tuple[int, object]:
        device = Device(committed_app.test_client(), token)
        answer = device.post(f"/members/me/parking/{scene.session_ids[0]}/pay", wish, key="one-key-for-all")
        return answer.status_code, answer.json

    results = race(committed_app, [press] * CALLERS)
    assert [status for status, _ in results] == [200] * CALLERS
    assert all(answer == results[0][1] for _, answer in results)
    assert (count(ParkingPayment), count(Redemption)) == (1, 1)


def test_the_money_and_the_giving_up_at_once_end_in_one_of_the_two(committed_app: Flask) -> None:
    scene = make_scene()
    with atomic():
        wish = PaymentChoice(_quote_in_here(scene), [], 0)
        payment = parking.begin_payment(
            scene.member_id, scene.session_ids[0], wish, payer=Payer("app", "openid"), now=clock.now()
        )
        order = db.session.scalars(select(PaymentOrder)).one()
        money = Money(
            out_trade_no=order.out_trade_no, transaction_id="42", amount_fen=1_200, appid="app", paid_at=clock.now()
        )
        payment_id = payment.public_id

    def arrive() -> str:
        return payment_worker.take_money(money).value

    def give_up() -> bool:
        with atomic():
            return parking.give_up_payment(scene.member_id, payment_id, now=clock.now())

    results = race(committed_app, [arrive, give_up] * 3)
    given_up = any(one is True for one in results)
    expected = "late" if given_up else "paid"
    assert {one for one in results if isinstance(one, str)} == {expected}
    assert settled_fen() == ([0, 0] if given_up else [0, 1_200])
    assert count(PaymentRefund) == int(given_up)
    assert count(GateMessage) == int(not given_up)


def _quote_in_here(scene: Scene) -> str:
    return parking.quote_stay(scene.member_id, scene.session_ids[0], now=clock.now()).quote.public_id


def _waive_unguarded(scene: Scene, quote_id: str, car: int, checked: threading.Barrier) -> None:
    """Look, then write without asking again, as code without our guards would."""
    with atomic():
        mall_id, status = db.session.execute(
            select(Coupon.mall_id, Coupon.status).where(Coupon.id == scene.coupon_id)
        ).one()
        session_id = db.session.scalars(
            select(ParkingSession.id).where(ParkingSession.public_id == scene.session_ids[car])
        ).one()
        quote = queries.get_quote(scene.member_id, quote_id, session_id=session_id)
        mix = rules.Mix((rules.Cover(scene.coupon_id, 120, 1_200),), 0, 0, 0)
        checked.wait(PATIENCE_S)  # everybody has looked before anybody writes
        assert status == "issued"
        payments.begin(quote, mix, mall_id=mall_id, now=clock.now())
        db.session.execute(
            update(Coupon)
            .where(Coupon.id == scene.coupon_id)
            .values(status="reserved", reserved_for="anybody")
            .execution_options(synchronize_session=False)
        )


def test_without_the_guards_one_coupon_would_free_both_cars(committed_app: Flask) -> None:
    """The control: no member's lock, no conditional update; the index alone would catch it, so it is dropped."""
    scene = make_scene()
    quotes = [scene.quote(0), scene.quote(1)]
    with atomic():
        db.session.connection().exec_driver_sql("DROP INDEX uq_parking_waivers_live_coupon")
    checked = threading.Barrier(2)
    race(committed_app, [partial(_waive_unguarded, scene, quotes[car], car, checked) for car in (0, 1)])
    assert count(ParkingWaiver) == 2


def test_the_constraint_alone_stops_the_second_waiver_of_a_coupon(committed_app: Flask) -> None:
    scene = make_scene()
    quotes = [scene.quote(0), scene.quote(1)]
    checked = threading.Barrier(2)
    results = race(committed_app, [partial(_waive_unguarded, scene, quotes[car], car, checked) for car in (0, 1)])
    (refused,) = [one for one in results if isinstance(one, Exception)]
    assert isinstance(refused, IntegrityError)
    assert violates(refused, "uq_parking_waivers_live_coupon")
    assert count(ParkingWaiver) == 1
