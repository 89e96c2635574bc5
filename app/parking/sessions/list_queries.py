"""Reading the stays of a mall, over all cars."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from app.identity.models import Member
from app.kernel.db import db
from app.parking.car_parks.models import CarPark, ParkingTariff
from app.parking.sessions.models import ParkingSession


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


def list_by_ids(session_ids: Sequence[int]) -> Sequence[ParkingSession]:
    """The stays with these ids."""
    return db.session.scalars(select(ParkingSession).where(ParkingSession.id.in_(session_ids))).all()
