"""Car parks and the versions of their tariffs."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from app.kernel import crypto
from app.kernel.db import db
from app.parking import rules
from app.parking.errors import TariffConflict
from app.parking.models import CarPark, ParkingTariff

SECRET_PURPOSE = "car_park.gate_secret"  # noqa: S105  the name of a purpose, not a secret


def open_car_park(
    code: str, *, name: str, mall_id: int, store_id: int, gate_url: str, gate_secret: str, now: datetime
) -> CarPark:
    """Make a car park known with the way to its gate, or give a known one this name, operator and gate."""
    car_park = db.session.scalar(select(CarPark).where(CarPark.code == code)) or CarPark(code=code, created_at=now)
    car_park.name, car_park.mall_id, car_park.store_id, car_park.active = name, mall_id, store_id, True
    car_park.gate_url = gate_url
    car_park.gate_secret_sealed = crypto.seal(gate_secret, purpose=SECRET_PURPOSE)
    db.session.add(car_park)
    db.session.flush()
    return car_park


def gate_secret(car_park: CarPark) -> str:
    """What our messages to the gate are signed with."""
    return crypto.unseal(car_park.gate_secret_sealed, purpose=SECRET_PURPOSE)


def set_tariff(car_park_id: int, tariff: rules.Tariff, *, effective_from: datetime) -> ParkingTariff:
    """Let a tariff hold for cars that enter from a moment on; the same again changes nothing. Raises TariffConflict."""
    known = db.session.scalar(
        select(ParkingTariff).where(
            ParkingTariff.car_park_id == car_park_id, ParkingTariff.effective_from == effective_from
        )
    )
    if known is not None and rates(known) != tariff:
        raise TariffConflict(effective_from=effective_from)
    version = known or ParkingTariff(car_park_id=car_park_id, effective_from=effective_from, **asdict(tariff))
    db.session.add(version)
    db.session.flush()
    return version


def rates(version: ParkingTariff) -> rules.Tariff:
    """The numbers of a tariff version, for the rules."""
    return rules.Tariff(
        free_minutes=version.free_minutes,
        step_minutes=version.step_minutes,
        step_fen=version.step_fen,
        daily_cap_fen=version.daily_cap_fen,
        exit_grace_minutes=version.exit_grace_minutes,
    )
