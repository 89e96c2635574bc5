"""Stays that are over, by the thousand; for imports."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ARRAY, Text, bindparam, func, select

from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import db
from app.kernel.fastpath.copies import copy_in
from app.kernel.security import codes
from app.parking.car_parks.models import CarPark, ParkingTariff
from app.parking.sessions.day_sums import CARS
from app.parking.sessions.models import ParkingSession

Span = tuple[datetime, datetime | None]  # came, left; None: still there
_COLUMNS = ("public_id", "car_park_id", "tariff_id", "plate", "member_id", "entered_at", "exited_at", "settled_fen")


class Stay(NamedTuple):
    """A car's stay that ended with its exit; `member_id` is whose car it is, None of nobody we know."""

    plate: str
    member_id: int | None
    entered_at: datetime
    exited_at: datetime


class Tariffs:
    """All tariffs of a car park, to be asked for a moment as often as one likes."""

    def __init__(self, car_park: CarPark) -> None:
        mine = select(ParkingTariff).where(ParkingTariff.car_park_id == car_park.id)
        self._all = db.session.scalars(mine.order_by(ParkingTariff.effective_from)).all()

    def find(self, at: datetime) -> int | None:
        """The id of the one in force, or of the first for a moment before all; None when there is none."""
        begun = [tariff.id for tariff in self._all if tariff.effective_from <= at]
        return begun[-1] if begun else next((tariff.id for tariff in self._all), None)


def find_spans(car_park: CarPark, plates: Collection[str]) -> Mapping[str, list[Span]]:
    """When the cars were in the car park, as far as is known."""
    rows = db.session.execute(
        select(ParkingSession.plate, ParkingSession.entered_at, ParkingSession.exited_at).where(
            ParkingSession.car_park_id == car_park.id,
            ParkingSession.plate == func.any(bindparam("plates", list(plates), type_=ARRAY(Text()))),
        )
    )
    spans: dict[str, list[Span]] = defaultdict(list)
    for plate, entered_at, exited_at in rows:
        spans[plate].append((entered_at, exited_at))
    return spans


def record(car_park: CarPark, stays: Sequence[tuple[Stay, int]]) -> list[str]:
    """Write stays, each with its tariff; returns their public ids, in order.

    What was paid for them was paid to whoever kept the gate then, so nothing is settled here.
    """
    ids = [codes.new_public_id() for _ in stays]
    rows = (
        (public_id, car_park.id, tariff_id, stay.plate, stay.member_id, stay.entered_at, stay.exited_at, 0)
        for public_id, (stay, tariff_id) in zip(ids, stays, strict=True)
    )
    copy_in(ParkingSession, _COLUMNS, rows)
    marks.note_all(CARS, ((car_park.mall_id, clock.business_date(stay.entered_at)) for stay, _ in stays))
    return ids
