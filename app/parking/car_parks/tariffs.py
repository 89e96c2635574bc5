"""Versions of a car park's tariff."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select

from app.kernel import clock
from app.kernel.db import add_unless_taken, db
from app.parking.car_parks import rules
from app.parking.car_parks.errors import TariffConflict, TariffInForce
from app.parking.car_parks.models import ParkingTariff


def set_tariff(car_park_id: int, tariff: rules.Tariff, *, effective_from: datetime) -> ParkingTariff:
    """Let a tariff hold for cars that enter from a moment on; the same again changes nothing. Raises TariffConflict."""
    conflict = TariffConflict(effective_from=effective_from)
    known = db.session.scalar(
        select(ParkingTariff).where(
            ParkingTariff.car_park_id == car_park_id, ParkingTariff.effective_from == effective_from
        )
    )
    if known is not None:
        if to_tariff(known) != tariff:
            raise conflict
        return known
    version = ParkingTariff(car_park_id=car_park_id, effective_from=effective_from, **asdict(tariff))
    add_unless_taken(version, "uq_parking_tariffs_car_park_id_effective_from", conflict)
    return version


def withdraw_tariff(car_park_id: int, version_id: int, *, now: datetime) -> ParkingTariff:
    """Take back a version under which no car can have entered yet, as if it had never been set; returns what it said.

    Raises TariffInForce.
    """
    version = db.session.scalar(
        delete(ParkingTariff)
        .where(
            ParkingTariff.id == version_id,
            ParkingTariff.car_park_id == car_park_id,
            ParkingTariff.effective_from > clock.horizon(now),
        )
        .returning(ParkingTariff)
    )
    if version is None:
        raise TariffInForce
    return version


def to_tariff(version: ParkingTariff) -> rules.Tariff:
    """The numbers of a tariff version, for the rules."""
    return rules.Tariff(
        free_minutes=version.free_minutes,
        step_minutes=version.step_minutes,
        step_fen=version.step_fen,
        daily_cap_fen=version.daily_cap_fen,
        exit_grace_minutes=version.exit_grace_minutes,
    )
