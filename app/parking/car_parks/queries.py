"""Reading car parks and the tariff that holds."""

from datetime import datetime

from sqlalchemy import select

from app.kernel.db import db
from app.parking.car_parks.errors import CarParkUnknown, NoTariff
from app.parking.car_parks.models import CarPark, ParkingTariff


def get_car_park(code: str, *, mall_id: int) -> CarPark:
    """The active car park of a mall; raises CarParkUnknown."""
    car_park = db.session.scalar(
        select(CarPark).where(CarPark.code == code, CarPark.mall_id == mall_id, CarPark.active)
    )
    if car_park is None:
        raise CarParkUnknown
    return car_park


def get_tariff(car_park: CarPark, *, at: datetime) -> ParkingTariff:
    """The tariff in force at a moment, or the first one for a moment before all; raises NoTariff when there is none."""
    versions = select(ParkingTariff).where(ParkingTariff.car_park_id == car_park.id)
    in_force = versions.where(ParkingTariff.effective_from <= at).order_by(ParkingTariff.effective_from.desc()).limit(1)
    tariff = db.session.scalar(in_force) or db.session.scalar(versions.order_by(ParkingTariff.effective_from).limit(1))
    if tariff is None:
        raise NoTariff(car_park_code=car_park.code)
    return tariff


def get_car_park_of(car_park_id: int) -> CarPark:
    """The car park of a session."""
    return db.session.scalars(select(CarPark).where(CarPark.id == car_park_id)).one()
