"""Personal data: stays."""

from typing import Any

from sqlalchemy import Select, select

from app.kernel.personal_data import Ids, Sections
from app.parking.car_parks.models import CarPark
from app.parking.sessions.models import ParkingSession


def _stays(ids: Ids) -> Select[Any]:
    one = ParkingSession
    return (
        select(CarPark.name.label("car_park"), one.plate, one.entered_at, one.exited_at, one.settled_fen)
        .join(CarPark, CarPark.id == one.car_park_id)
        .where(one.member_id.in_(ids))
        .order_by(one.entered_at, one.id)
    )


SECTIONS: Sections = {
    "parking_stays": _stays,
}
