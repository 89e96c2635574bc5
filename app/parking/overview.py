"""How car parks stand, as their keepers see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.kernel.db import db
from app.kernel.errors import NotFound
from app.malls.models import Store
from app.parking.car_parks import tariffs
from app.parking.car_parks.models import CarPark, ParkingTariff
from app.parking.payment.models import GateMessage
from app.parking.sessions.models import ParkingSession

_UNHEARD = (GateMessage.done_at.is_(None), GateMessage.last_error.is_not(None))
_STOPPED = func.count(GateMessage.given_up_at)


@dataclass(frozen=True, slots=True)
class KeptCarPark:
    """A car park as its keepers see it: the tariff in force, how many cars are in, and what its gate has not taken.

    Of the `unheard` messages `stopped` ones are not tried any more until somebody asks for it.
    """

    car_park: CarPark
    store: Store
    tariff: ParkingTariff | None
    inside: int
    unheard: int
    stopped: int
    last_error: str | None


def list_kept(*wanted: ColumnElement[bool], now: datetime) -> list[KeptCarPark]:
    """Car parks with how they stand, switched-off ones last."""
    found = db.session.execute(
        select(CarPark, Store)
        .join(Store, Store.id == CarPark.store_id)
        .where(*wanted)
        .order_by(CarPark.active.desc(), CarPark.name, CarPark.id)
    ).all()
    ids = [car_park.id for car_park, _ in found]
    in_force, inside, unheard = tariffs.tariffs_at(ids, now), _count_inside(ids), _count_unheard(ids)
    return [
        KeptCarPark(
            car_park,
            store,
            in_force.get(car_park.id),
            inside.get(car_park.id, 0),
            *unheard.get(car_park.id, (0, 0, None)),
        )
        for car_park, store in found
    ]


def get_kept(code: str, *, visible: ColumnElement[bool], now: datetime) -> KeptCarPark:
    """One car park as `list_kept` lists them; raises NotFound."""
    found = list_kept(CarPark.code == code, visible, now=now)
    if not found:
        raise NotFound(car_park=code)
    return found[0]


def list_unheard(*wanted: ColumnElement[bool]) -> Sequence[Row[tuple[str, str, int, int]]]:
    """Car parks whose gates have refused or not answered messages: code, name, how many (`unheard`, `stopped`)."""
    return db.session.execute(
        select(CarPark.code, CarPark.name, func.count().label("unheard"), _STOPPED.label("stopped"))
        .join(GateMessage, GateMessage.car_park_id == CarPark.id)
        .where(*wanted, *_UNHEARD)
        .group_by(CarPark.id)
        .order_by(CarPark.name, CarPark.id)
    ).all()


def _count_inside(ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(ParkingSession.car_park_id, func.count())
        .where(ParkingSession.car_park_id.in_(ids), ParkingSession.exited_at.is_(None))
        .group_by(ParkingSession.car_park_id)
    )
    return dict(rows.tuples().all())


def _count_unheard(ids: Sequence[int]) -> dict[int, tuple[int, int, str | None]]:
    """How many messages a gate has not taken so far, how many of them are given up, and the gate's last word."""
    last = func.array_agg(aggregate_order_by(GateMessage.last_error, GateMessage.id.desc()))[1]
    rows = db.session.execute(
        select(GateMessage.car_park_id, func.count(), _STOPPED, last)
        .where(GateMessage.car_park_id.in_(ids), *_UNHEARD)
        .group_by(GateMessage.car_park_id)
    )
    return {car_park_id: (count, stopped, error) for car_park_id, count, stopped, error in rows}
