"""Reading the car parks of a mall for the console."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, select

from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists.labels import labels_of
from app.parking.car_parks.models import CarPark


def list_car_parks(*wanted: ColumnElement[bool]) -> Sequence[CarPark]:
    """Car parks by name."""
    return db.session.scalars(select(CarPark).where(*wanted).order_by(CarPark.name, CarPark.id)).all()


def get_visible(code: str, *, visible: ColumnElement[bool]) -> CarPark:
    """The car park if it is visible; raises NotFound."""
    car_park = db.session.scalar(select(CarPark).where(CarPark.code == code, visible))
    if car_park is None:
        raise NotFound(car_park=code)
    return car_park


def names_of(car_park_ids: Collection[int]) -> dict[int, str]:
    """Names of car parks by id."""
    return labels_of(CarPark.id, CarPark.name, car_park_ids)
