"""Reading the payments of a mall's car parks, over all members."""

from sqlalchemy import ColumnElement, select

from app.identity.models import Member
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.parking.car_parks.models import CarPark
from app.parking.payment.models import ParkingPayment
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
