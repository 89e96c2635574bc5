"""Reading what happens in a mall's car parks, over all cars."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from app.identity.models import Member
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.parking.models import CarPark, ParkingPayment, ParkingSession, ParkingTariff

PAYMENT_ORDER = (ParkingPayment.created_at, ParkingPayment.member_id, ParkingPayment.id)


def list_sessions(*wanted: ColumnElement[bool], limit: int = 50) -> Sequence[Row[Any]]:
    """A page of stays with car park, tariff and member (None: not known), the newest first."""
    return db.session.execute(
        select(ParkingSession, CarPark, ParkingTariff, Member)
        .join(CarPark, CarPark.id == ParkingSession.car_park_id)
        .join(ParkingTariff, ParkingTariff.id == ParkingSession.tariff_id)
        .outerjoin(Member, Member.id == ParkingSession.member_id)
        .where(*wanted)
        .order_by(ParkingSession.id.desc())
        .limit(limit)
    ).all()


def count_open(*wanted: ColumnElement[bool]) -> int:
    """How many cars are in now; the condition is about car parks."""
    query = select(func.count()).select_from(ParkingSession).join(CarPark, CarPark.id == ParkingSession.car_park_id)
    return db.session.scalar(query.where(ParkingSession.exited_at.is_(None), *wanted)) or 0


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


def list_car_parks(*wanted: ColumnElement[bool]) -> Sequence[CarPark]:
    """Car parks by name."""
    return db.session.scalars(select(CarPark).where(*wanted).order_by(CarPark.name, CarPark.id)).all()


def get_car_park(code: str, *, visible: ColumnElement[bool]) -> CarPark:
    """The car park if it is visible; raises NotFound."""
    car_park = db.session.scalar(select(CarPark).where(CarPark.code == code, visible))
    if car_park is None:
        raise NotFound(car_park=code)
    return car_park


def list_tariffs(car_park_id: int) -> Sequence[ParkingTariff]:
    """Every version of a car park's tariff, the latest first."""
    return db.session.scalars(
        select(ParkingTariff)
        .where(ParkingTariff.car_park_id == car_park_id)
        .order_by(ParkingTariff.effective_from.desc())
    ).all()
