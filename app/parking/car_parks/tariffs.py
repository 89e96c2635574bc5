"""Versions of a car park's tariff: a car pays by the one that held when it came in."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from app.kernel import clock, versions
from app.parking.car_parks import rules
from app.parking.car_parks.errors import NoTariff, TariffConflict, TariffInForce
from app.parking.car_parks.models import CarPark, ParkingTariff


def get_tariff(car_park: CarPark, *, at: datetime) -> ParkingTariff:
    """The tariff in force at a moment, or the first one for a moment before all; raises NoTariff when there is none."""
    mine = ParkingTariff.car_park_id == car_park.id
    tariff = versions.find_at(ParkingTariff, mine, at=at) or versions.find_next(ParkingTariff, mine)
    if tariff is None:
        raise NoTariff(car_park_code=car_park.code)
    return tariff


def list_tariffs(car_park_id: int) -> Sequence[ParkingTariff]:
    """Every version of a car park's tariff, the latest first."""
    return versions.list_versions(ParkingTariff, ParkingTariff.car_park_id == car_park_id)


def tariffs_at(car_park_ids: Collection[int], moment: datetime) -> dict[int, ParkingTariff]:
    """The tariff in force by car park, for those that have one."""
    theirs = ParkingTariff.car_park_id.in_(car_park_ids)
    found = versions.list_at(ParkingTariff, theirs, each=ParkingTariff.car_park_id, at=moment)
    return {tariff.car_park_id: tariff for tariff in found}


def set_tariff(car_park_id: int, tariff: rules.Tariff, *, effective_from: datetime) -> ParkingTariff:
    """Let a tariff hold for cars that enter from a moment on; the same again changes nothing. Raises TariffConflict."""
    version = ParkingTariff(car_park_id=car_park_id, effective_from=effective_from, **asdict(tariff))
    conflict = TariffConflict(effective_from=effective_from)
    return versions.publish_once(version, ParkingTariff.car_park_id == car_park_id, taken=conflict)


def withdraw_tariff(car_park_id: int, version_id: int, *, now: datetime) -> ParkingTariff:
    """Take back a version under which no car can have entered yet, as if it had never been set; returns what it said.

    Raises TariffInForce.
    """
    mine = ParkingTariff.car_park_id == car_park_id
    return versions.withdraw(ParkingTariff, version_id, mine, after=clock.horizon(now), begun=TariffInForce())


def to_tariff(version: ParkingTariff) -> rules.Tariff:
    """The numbers of a tariff version, for the rules."""
    return rules.Tariff(
        free_minutes=version.free_minutes,
        step_minutes=version.step_minutes,
        step_fen=version.step_fen,
        daily_cap_fen=version.daily_cap_fen,
        exit_grace_minutes=version.exit_grace_minutes,
    )
