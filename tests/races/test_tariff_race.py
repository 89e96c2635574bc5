"""Two people set a tariff for the same day at the same moment: one of them is told."""

import threading
from dataclasses import asdict, replace
from datetime import timedelta

from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.kernel import clock
from app.kernel.db import atomic, db
from app.parking.car_parks import tariffs
from app.parking.car_parks.errors import TariffConflict
from app.parking.car_parks.models import ParkingTariff
from tests.builders.parking import HOURLY, make_ground
from tests.support.patience import PATIENCE_S
from tests.support.races import race, winners

SETTERS = 6


def test_one_tariff_of_a_day_stands_and_the_others_are_refused(committed_app: Flask) -> None:
    with atomic():
        car_park_id = make_ground().car_park.id
    day = clock.now() + timedelta(days=1)

    def setter(price: int) -> None:
        with atomic():
            tariffs.set_tariff(car_park_id, replace(HOURLY, step_fen=price), effective_from=day)

    results = race(committed_app, [lambda price=price: setter(price) for price in range(1, SETTERS + 1)])
    assert len(winners(results)) == 1
    assert [type(lost) for lost in results if lost is not None] == [TariffConflict] * (SETTERS - 1)
    assert [version.effective_from for version in tariffs.list_tariffs(car_park_id)].count(day) == 1


def test_without_the_guard_the_others_break(committed_app: Flask) -> None:
    """Looking first is no guard: everybody looks before anybody writes."""
    with atomic():
        car_park_id = make_ground().car_park.id
    day, looked = clock.now() + timedelta(days=1), threading.Barrier(SETTERS)

    def setter(price: int) -> None:
        with atomic():
            assert all(version.effective_from != day for version in tariffs.list_tariffs(car_park_id))
            looked.wait(PATIENCE_S)
            tariff = asdict(replace(HOURLY, step_fen=price))
            db.session.add(ParkingTariff(car_park_id=car_park_id, effective_from=day, **tariff))

    results = race(committed_app, [lambda price=price: setter(price) for price in range(1, SETTERS + 1)])
    assert len(winners(results)) == 1
    assert [type(lost) for lost in results if lost is not None] == [IntegrityError] * (SETTERS - 1)
