"""Reading the stays of a mall, over all cars."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from app.identity.models import Member
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.parking.car_parks.models import CarPark, ParkingTariff
from app.parking.sessions.models import ParkingSession

ORDER = Order(ParkingSession.entered_at.desc(), ParkingSession.id.desc())


def list_sessions(
    *wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST
) -> Page[tuple[ParkingSession, CarPark, ParkingTariff, Member]]:
    """A page of stays with car park, tariff and member (None: not known), the last entered first."""
    query = (
        select(ParkingSession, CarPark, ParkingTariff, Member)
        .join(CarPark, CarPark.id == ParkingSession.car_park_id)
        .join(ParkingTariff, ParkingTariff.id == ParkingSession.tariff_id)
        .outerjoin(Member, Member.id == ParkingSession.member_id)
        .where(*wanted)
    )
    return keyset.rows(query, order, asked)


def count_open(*wanted: ColumnElement[bool]) -> int:
    """How many cars are in now; the condition is about car parks."""
    query = select(func.count()).select_from(ParkingSession).join(CarPark, CarPark.id == ParkingSession.car_park_id)
    return db.session.scalar(query.where(ParkingSession.exited_at.is_(None), *wanted)) or 0


def list_by_ids(session_ids: Sequence[int]) -> Sequence[ParkingSession]:
    """The stays with these ids."""
    return db.session.scalars(select(ParkingSession).where(ParkingSession.id.in_(session_ids))).all()
