"""Reading quotes, payments and waivers."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.kernel.db import db
from app.parking.car_parks.models import CarPark
from app.parking.payment.errors import PaymentNotFound, QuoteNotFound
from app.parking.payment.models import ParkingPayment, ParkingQuote, ParkingWaiver, PaymentStatus
from app.parking.sessions.models import ParkingSession


def get_quote(member_id: int, quote_public_id: str, *, session_id: int) -> ParkingQuote:
    """The member's quote for a stay; raises QuoteNotFound."""
    quote = db.session.scalar(
        select(ParkingQuote).where(
            ParkingQuote.member_id == member_id,
            ParkingQuote.public_id == quote_public_id,
            ParkingQuote.session_id == session_id,
        )
    )
    if quote is None:
        raise QuoteNotFound
    return quote


def get_quote_of(payment: ParkingPayment) -> ParkingQuote:
    """The quote that a payment is of."""
    return db.session.get_one(ParkingQuote, (payment.member_id, payment.quote_id))


def get_payment(member_id: int, payment_public_id: str) -> ParkingPayment:
    """The member's payment; raises PaymentNotFound."""
    payment = db.session.scalar(
        select(ParkingPayment).where(
            ParkingPayment.member_id == member_id, ParkingPayment.public_id == payment_public_id
        )
    )
    if payment is None:
        raise PaymentNotFound
    return payment


def get_mall_of_payment(member_id: int, payment_public_id: str) -> int:
    """The mall in whose car park the payment is for; raises PaymentNotFound."""
    session_id = get_payment(member_id, payment_public_id).session_id
    return db.session.scalars(
        select(CarPark.mall_id)
        .join(ParkingSession, ParkingSession.car_park_id == CarPark.id)
        .where(ParkingSession.id == session_id)
    ).one()


def lock_payment(member_id: int, payment_public_id: str) -> ParkingPayment:
    """The member's payment FOR UPDATE as it is now; raises PaymentNotFound."""
    payment = db.session.scalar(
        select(ParkingPayment)
        .where(ParkingPayment.member_id == member_id, ParkingPayment.public_id == payment_public_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if payment is None:
        raise PaymentNotFound
    return payment


def find_awaiting(member_id: int, *, session_id: int) -> ParkingPayment | None:
    """The member's payment of this stay that waits for cash."""
    return db.session.scalar(
        select(ParkingPayment).where(
            ParkingPayment.member_id == member_id,
            ParkingPayment.session_id == session_id,
            ParkingPayment.status == PaymentStatus.AWAITING_CASH.value,
        )
    )


def count_awaiting(member_id: int) -> int:
    """How many of the member's payments wait for cash."""
    return (
        db.session.scalar(
            select(func.count()).where(
                ParkingPayment.member_id == member_id, ParkingPayment.status == PaymentStatus.AWAITING_CASH.value
            )
        )
        or 0
    )


def list_waivers(member_id: int, payment_id: int) -> Sequence[ParkingWaiver]:
    """What covers a payment besides cash, coupons before points."""
    return db.session.scalars(
        select(ParkingWaiver)
        .where(ParkingWaiver.member_id == member_id, ParkingWaiver.payment_id == payment_id)
        .order_by(ParkingWaiver.id)
    ).all()


def list_by_public_ids(member_ids: Sequence[int], public_ids: Sequence[str]) -> Sequence[ParkingPayment]:
    """The member's payments that bear these ids."""
    own = ParkingPayment.member_id.in_(member_ids)
    return db.session.scalars(select(ParkingPayment).where(own, ParkingPayment.public_id.in_(public_ids))).all()
