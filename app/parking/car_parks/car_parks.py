"""Car parks and the versions of their tariffs."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from app.kernel.db import add_unless_taken, db
from app.kernel.security import crypto
from app.kernel.switches import assign, switch
from app.malls.models import Store
from app.parking.car_parks import rules
from app.parking.car_parks.errors import CarParkCodeTaken, GateUrlInvalid
from app.parking.car_parks.models import CarPark

SECRET_PURPOSE = "car_park.gate_secret"  # noqa: S105  the name of a purpose, not a secret


@dataclass(frozen=True, slots=True)
class Gate:
    """The way to a car park's gate: its address, and what our messages to it are signed with."""

    url: str
    secret: str = field(repr=False)


def open_car_park(code: str, *, name: str, store: Store, gate: Gate, now: datetime) -> CarPark:
    """Make a car park known with the way to its gate, or give a known one this name, operator and gate.

    For whoever sets up an installation from its terminal; `add_car_park` leaves known ones alone.
    """
    car_park = db.session.scalar(select(CarPark).where(CarPark.code == code)) or CarPark(code=code, created_at=now)
    car_park.name, car_park.mall_id, car_park.store_id, car_park.active = name, store.mall_id, store.id, True
    car_park.gate_url = gate.url
    car_park.gate_secret_sealed = crypto.seal(gate.secret, purpose=SECRET_PURPOSE)
    db.session.add(car_park)
    db.session.flush()
    return car_park


def add_car_park(code: str, *, name: str, store: Store, gate: Gate, https_only: bool, now: datetime) -> CarPark:
    """A new car park of the store's mall, settled with the store; raises CarParkCodeTaken, GateUrlInvalid."""
    car_park = CarPark(
        code=code,
        name=name,
        mall_id=store.mall_id,
        store_id=store.id,
        gate_url=_checked(gate.url, https_only=https_only),
        gate_secret_sealed=crypto.seal(gate.secret, purpose=SECRET_PURPOSE),
        active=True,
        created_at=now,
    )
    add_unless_taken(car_park, "uq_car_parks_code", CarParkCodeTaken())
    return car_park


def change_car_park(car_park: CarPark, *, name: str, gate_url: str, https_only: bool) -> bool:
    """Another name, and another way to the gate for messages that are not sent yet; False when both are known so.

    Raises GateUrlInvalid.
    """
    return assign(car_park, name=name, gate_url=_checked(gate_url, https_only=https_only))


def _checked(gate_url: str, *, https_only: bool) -> str:
    if not rules.is_gate_url(gate_url, https_only=https_only):
        raise GateUrlInvalid
    return gate_url.rstrip("/")


def renew_gate_secret(car_park: CarPark, *, gate_secret: str) -> None:
    """Sign messages to the gate with another secret from now on."""
    car_park.gate_secret_sealed = crypto.seal(gate_secret, purpose=SECRET_PURPOSE)
    db.session.flush()


def switch_off(car_park: CarPark) -> bool:
    """Take no reports of its gates from now on; who is parked there can still pay. False when it was off already."""
    return switch(car_park, active=False)


def switch_on(car_park: CarPark) -> bool:
    """Take reports of its gates again; False when they were taken already."""
    return switch(car_park, active=True)


def gate_secret(car_park: CarPark) -> str:
    """What our messages to the gate are signed with."""
    return crypto.unseal(car_park.gate_secret_sealed, purpose=SECRET_PURPOSE)
