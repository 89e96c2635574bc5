"""Reading car parks."""

from collections.abc import Sequence

from sqlalchemy import select

from app.kernel.db import db
from app.parking.car_parks.errors import CarParkUnknown
from app.parking.car_parks.models import CarPark


def get_car_park(code: str, *, mall_id: int) -> CarPark:
    """The active car park of a mall; raises CarParkUnknown."""
    car_park = db.session.scalar(
        select(CarPark).where(CarPark.code == code, CarPark.mall_id == mall_id, CarPark.active)
    )
    if car_park is None:
        raise CarParkUnknown
    return car_park


def get_car_park_of(car_park_id: int) -> CarPark:
    """The car park of a session."""
    return db.session.scalars(select(CarPark).where(CarPark.id == car_park_id)).one()


def list_active() -> Sequence[CarPark]:
    """Every car park that is open, of all malls."""
    return db.session.scalars(select(CarPark).where(CarPark.active).order_by(CarPark.id)).all()
