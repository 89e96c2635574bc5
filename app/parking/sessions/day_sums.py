"""Stays by day: what pages count without reading every one."""

from app.kernel.day_sums.series import Series
from app.parking.car_parks.models import CarPark
from app.parking.sessions.models import ParkingSession

# Stays by the day they began, by car park.
CARS = Series(
    name="cars",
    origin=ParkingSession.__table__.join(CarPark.__table__, CarPark.id == ParkingSession.car_park_id),
    mall=CarPark.mall_id,
    key=ParkingSession.car_park_id,
    moment=ParkingSession.entered_at,
)

SERIES = {CARS.name: CARS}
