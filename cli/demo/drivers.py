"""Drivers of the demo: how they come, pay and leave, with the clock set back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement

from app.flows import parking
from app.flows.parking import PaymentChoice
from app.identity import queries as identity_queries
from app.identity.models import IdentityKind
from app.kernel import clock, outbox
from app.kernel.db import atomic
from app.kernel.outbox import Queue
from app.parking.payment.models import ParkingPayment
from app.parking.sessions import queries as session_queries
from app.parking.sessions.models import Direction
from app.parking.sessions.passages import GateReport
from app.payments import queries as order_queries
from app.payments.models import PaymentOrder
from app.payments.orders import Money, Payer
from app.workers import payments as payment_worker
from cli.demo.mall import CAR_PARK

PAYER = Payer(appid="demo-app", openid="demo-openid")
STAY = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Driver:
    """Somebody of the mall's old card file who comes by car."""

    card_no: str
    phone: str
    plate: str


PAID, UNANSWERED, LATE, UNREACHED, BILLED = DRIVERS = tuple(
    Driver(f"YHC-{number:04d}", f"1360000000{number}", f"沪B{number}880{number}") for number in (1, 2, 3, 4, 5)
)

TWICE = Driver("", "", "沪C66K66")


def pay_too_late(driver: Driver, mall_id: int, *, at: datetime) -> tuple[PaymentOrder, datetime]:
    """A payment is given up when its time is over, and paid a minute after that: a refund is due."""
    payment = pay_in_cash(driver, mall_id, at=at)
    with clock.freeze(payment.close_after), atomic():
        parking.give_up_payment(payment.member_id, payment.public_id, now=payment.close_after)
    late = payment.close_after + timedelta(minutes=1)
    return take_money(payment, at=late), late


def pay_in_cash(driver: Driver, mall_id: int, *, at: datetime) -> ParkingPayment:
    """The driver has parked since two hours ago and begins to pay in WeChat."""
    with atomic():
        member_id = identity_queries.find_member_id(IdentityKind.CARD_NO, driver.card_no)
    if member_id is None:
        raise AssertionError("the card file was brought")
    with clock.freeze(at - STAY), atomic():
        parking.bind_plate(member_id, driver.plate, now=at - STAY)
    pass_gate(driver, Direction.IN, mall_id, at=at - STAY)
    with clock.freeze(at), atomic():
        [parked] = session_queries.list_parked(member_id)
        offer = parking.quote_stay(member_id, parked.session.public_id, now=at)
        wish = PaymentChoice(offer.quote.public_id, coupon_ids=[], points=0)
        return parking.begin_payment(member_id, parked.session.public_id, wish, payer=PAYER, now=at)


def pass_gate(driver: Driver, direction: Direction, mall_id: int, *, at: datetime, event: str = "") -> None:
    passage = GateReport(
        event_id=f"demo-open-{driver.plate}-{direction.value}{event}",
        car_park_code=CAR_PARK,
        lane="1",
        plate=driver.plate,
        direction=direction,
        occurred_at=at,
    )
    with clock.freeze(at), atomic():
        parking.record_gate_report(passage, mall_id=mall_id, now=at)


def take_money(payment: ParkingPayment, *, at: datetime) -> PaymentOrder:
    with atomic():
        order = order_queries.find_order(payment.member_id, purpose="parking", reference=payment.public_id)
    if order is None:
        raise AssertionError("cash is asked for by an order")
    money = Money(
        out_trade_no=order.out_trade_no,
        transaction_id=f"demo-{order.out_trade_no}",
        amount_fen=order.amount_fen,
        appid=order.appid,
        paid_at=at,
    )
    with clock.freeze(at):
        payment_worker.take_money(money)
    return order


def try_in_vain(queue: Queue[outbox.Row], mine: ColumnElement[bool], error: str, *, since: datetime) -> None:
    """Try a row until it is given up, each try when it is due."""
    at, given_up = since, False
    with atomic():
        while not given_up:
            [row] = outbox.claim(queue, mine, now=at, limit=1)
            claim = outbox.claim_of(row)
            given_up = outbox.postpone(queue, claim, error=error, now=at)
            at += queue.pauses.after(claim.attempt)
