"""Reading the payments of a mall's car parks, over all members."""

from sqlalchemy import ColumnElement, select

from app.identity.models import Member
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.parking.car_parks.models import CarPark
from app.parking.payment.models import ParkingPayment, ParkingWaiver
from app.parking.sessions.models import ParkingSession

ORDER = Order(ParkingPayment.created_at.desc(), ParkingPayment.member_id.desc(), ParkingPayment.id.desc())


def list_payments(
    *wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST
) -> Page[tuple[ParkingPayment, ParkingSession, CarPark, Member]]:
    """A page of payments with stay, car park and member, the latest first."""
    query = (
        select(ParkingPayment, ParkingSession, CarPark, Member)
        .join(ParkingSession, ParkingSession.id == ParkingPayment.session_id)
        .join(CarPark, CarPark.id == ParkingSession.car_park_id)
        .join(Member, Member.id == ParkingPayment.member_id)
        .where(*wanted)
    )
    return keyset.rows(query, order, asked)


def get_payment(
    member_id: int, payment_id: int, *, visible: ColumnElement[bool]
) -> tuple[ParkingPayment, ParkingSession, CarPark, Member]:
    """A payment with all it refers to if it is visible; raises NotFound."""
    own = (ParkingPayment.member_id == member_id, ParkingPayment.id == payment_id)
    for found in list_payments(*own, visible, asked=Asked(1)):
        return found
    raise NotFound(payment=payment_id)


def find_use_of_coupon(member_id: int, coupon_id: int) -> int | None:
    """The payment that a member's coupon covers a part of, as it is now."""
    return db.session.scalar(
        select(ParkingWaiver.payment_id).where(
            ParkingWaiver.member_id == member_id,
            ParkingWaiver.coupon_id == coupon_id,
            ParkingWaiver.released_at.is_(None),
        )
    )
