"""Reading the payments of a mall's car parks, over all members."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, select

from app.identity.models import Member
from app.kernel.db import db
from app.parking.car_parks.models import CarPark
from app.parking.payment.models import ParkingPayment
from app.parking.sessions.models import ParkingSession

PAYMENT_ORDER = (ParkingPayment.created_at, ParkingPayment.member_id, ParkingPayment.id)


def list_payments(
    *wanted: ColumnElement[bool], limit: int = 50
) -> Sequence[Row[tuple[ParkingPayment, ParkingSession, CarPark, Member]]]:
    """A page of payments with stay, car park and member, the latest first (`PAYMENT_ORDER`, descending)."""
    return db.session.execute(
        select(ParkingPayment, ParkingSession, CarPark, Member)
        .join(ParkingSession, ParkingSession.id == ParkingPayment.session_id)
        .join(CarPark, CarPark.id == ParkingSession.car_park_id)
        .join(Member, Member.id == ParkingPayment.member_id)
        .where(*wanted)
        .order_by(*(column.desc() for column in PAYMENT_ORDER))
        .limit(limit)
    ).all()
