"""Reading what happens in a mall's car parks, over all cars."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.identity.models import Member
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.labels import labels_of
from app.malls.models import Store
from app.parking.models import CarPark, GateMessage, ParkingPayment, ParkingSession, ParkingTariff

PAYMENT_ORDER = (ParkingPayment.created_at, ParkingPayment.member_id, ParkingPayment.id)


@dataclass(frozen=True, slots=True)
class KeptCarPark:
    """A car park as its keepers see it: the tariff in force, how many cars are in, and what its gate has not taken."""

    car_park: CarPark
    store: Store
    tariff: ParkingTariff | None
    inside: int
    unheard: int
    last_error: str | None


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


def list_kept(*wanted: ColumnElement[bool], now: datetime) -> list[KeptCarPark]:
    """Car parks with how they stand, switched-off ones last."""
    found = db.session.execute(
        select(CarPark, Store)
        .join(Store, Store.id == CarPark.store_id)
        .where(*wanted)
        .order_by(CarPark.active.desc(), CarPark.name, CarPark.id)
    ).all()
    ids = [car_park.id for car_park, _ in found]
    tariffs, inside, unheard = _tariffs_at(ids, now), _count_inside(ids), _count_unheard(ids)
    return [
        KeptCarPark(
            car_park, store, tariffs.get(car_park.id), inside.get(car_park.id, 0), *unheard.get(car_park.id, (0, None))
        )
        for car_park, store in found
    ]


def get_kept(code: str, *, visible: ColumnElement[bool], now: datetime) -> KeptCarPark:
    """One car park as `list_kept` lists them; raises NotFound."""
    found = list_kept(CarPark.code == code, visible, now=now)
    if not found:
        raise NotFound(car_park=code)
    return found[0]


def _tariffs_at(ids: Sequence[int], now: datetime) -> dict[int, ParkingTariff]:
    rows = db.session.scalars(
        select(ParkingTariff)
        .where(ParkingTariff.car_park_id.in_(ids), ParkingTariff.effective_from <= now)
        .distinct(ParkingTariff.car_park_id)
        .order_by(ParkingTariff.car_park_id, ParkingTariff.effective_from.desc())
    )
    return {tariff.car_park_id: tariff for tariff in rows}


def _count_inside(ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(ParkingSession.car_park_id, func.count())
        .where(ParkingSession.car_park_id.in_(ids), ParkingSession.exited_at.is_(None))
        .group_by(ParkingSession.car_park_id)
    )
    return dict(rows.tuples().all())


def _count_unheard(ids: Sequence[int]) -> dict[int, tuple[int, str | None]]:
    """How many messages a gate has refused or not answered so far, with the gate's last word."""
    last = func.array_agg(aggregate_order_by(GateMessage.last_error, GateMessage.id.desc()))[1]
    rows = db.session.execute(
        select(GateMessage.car_park_id, func.count(), last)
        .where(GateMessage.car_park_id.in_(ids), GateMessage.sent_at.is_(None), GateMessage.last_error.is_not(None))
        .group_by(GateMessage.car_park_id)
    )
    return {car_park_id: (count, error) for car_park_id, count, error in rows}


def names_of(car_park_ids: Collection[int]) -> dict[int, str]:
    """Names of car parks by id."""
    return labels_of(CarPark.id, CarPark.name, car_park_ids)
