"""Versions by moment and by day, on two tables that keep some: tariffs and contract terms."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import ColumnElement

from app.kernel import versions
from app.kernel.errors import DomainError
from app.parking.car_parks.models import ParkingTariff
from app.settlement.contracts.models import ContractTerms
from tests.builders.parking import HOURLY, make_ground
from tests.builders.settlement import FEBRUARY, JANUARY, MARCH, make_contract
from tests.support.clock import START

HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
FIRST, SECOND = START, START + HOUR


class Taken(DomainError):
    code = "taken"


class Begun(DomainError):
    code = "begun"


def make_car_park() -> tuple[int, ColumnElement[bool]]:
    """A car park without a tariff, and the condition of its versions."""
    car_park_id = make_ground().car_park.id
    mine = ParkingTariff.car_park_id == car_park_id
    for version in versions.list_versions(ParkingTariff, mine):
        versions.withdraw(ParkingTariff, version.id, after=version.effective_from - TICK, begun=Begun())
    return car_park_id, mine


def tariff(car_park_id: int, since: datetime, *, step_fen: int = 600) -> ParkingTariff:
    said = asdict(replace(HOURLY, step_fen=step_fen))
    return ParkingTariff(car_park_id=car_park_id, effective_from=since, **said)


@pytest.fixture
def car_park() -> tuple[int, ColumnElement[bool]]:
    """A car park with two tariffs, an hour apart."""
    car_park_id, mine = make_car_park()
    for since in (SECOND, FIRST):
        versions.publish(tariff(car_park_id, since), taken=Taken())
    return car_park_id, mine


@pytest.mark.parametrize(
    ("moment", "holds"),
    [(FIRST - TICK, None), (FIRST, FIRST), (SECOND - TICK, FIRST), (SECOND, SECOND), (SECOND + HOUR, SECOND)],
)
def test_a_version_holds_from_its_moment_until_the_next(
    car_park: tuple[int, ColumnElement[bool]], moment: datetime, holds: datetime | None
) -> None:
    _, mine = car_park
    make_ground()  # another car park's versions are none of this one's
    found = versions.find_at(ParkingTariff, mine, at=moment)
    assert (found and found.effective_from) == holds


@pytest.mark.parametrize(("day", "holds"), [(JANUARY, None), (FEBRUARY, FEBRUARY), (MARCH, FEBRUARY)])
def test_a_version_holds_from_its_day(day: date, holds: date | None) -> None:
    merchant_id = make_contract(since=FEBRUARY).merchant.id
    found = versions.find_at(ContractTerms, ContractTerms.merchant_id == merchant_id, at=day)
    assert (found and found.effective_from) == holds


@pytest.mark.parametrize(
    ("moment", "following"), [(None, FIRST), (FIRST - TICK, FIRST), (FIRST, SECOND), (SECOND, None)]
)
def test_the_next_version_starts_later(
    car_park: tuple[int, ColumnElement[bool]], moment: datetime | None, following: datetime | None
) -> None:
    found = versions.find_next(ParkingTariff, car_park[1], after=moment)
    assert (found and found.effective_from) == following


def test_versions_are_listed_from_the_latest_on(car_park: tuple[int, ColumnElement[bool]]) -> None:
    _, mine = car_park
    assert [one.effective_from for one in versions.list_versions(ParkingTariff, mine)] == [SECOND, FIRST]
    assert [one.effective_from for one in versions.list_versions(ParkingTariff, mine, limit=1)] == [SECOND]


def test_what_holds_is_found_for_many_at_once(car_park: tuple[int, ColumnElement[bool]]) -> None:
    other_id, _ = make_car_park()
    empty_id, _ = make_car_park()
    versions.publish(tariff(other_id, FIRST), taken=Taken())
    wanted = ParkingTariff.car_park_id.in_([car_park[0], other_id, empty_id])
    found = versions.list_at(ParkingTariff, wanted, each=ParkingTariff.car_park_id, at=SECOND)
    assert {one.car_park_id: one.effective_from for one in found} == {car_park[0]: SECOND, other_id: FIRST}


def test_a_start_is_given_once_and_the_unit_of_work_stands(car_park: tuple[int, ColumnElement[bool]]) -> None:
    car_park_id, mine = car_park
    with pytest.raises(Taken):
        versions.publish(tariff(car_park_id, FIRST), taken=Taken())
    versions.publish(tariff(car_park_id, SECOND + HOUR), taken=Taken())
    assert len(versions.list_versions(ParkingTariff, mine)) == 3


def test_the_same_again_is_known_and_anything_else_is_refused(car_park: tuple[int, ColumnElement[bool]]) -> None:
    car_park_id, mine = car_park
    same = versions.find_same(tariff(car_park_id, FIRST), mine, taken=Taken())
    assert same is not None and same.effective_from == FIRST
    assert versions.find_same(tariff(car_park_id, FIRST + TICK), mine, taken=Taken()) is None
    with pytest.raises(Taken):
        versions.find_same(tariff(car_park_id, FIRST, step_fen=601), mine, taken=Taken())


@pytest.fixture
def withdraw(car_park: tuple[int, ColumnElement[bool]]) -> Callable[..., ParkingTariff]:
    """Takes the second version of the car park back, by its condition or another's."""
    [second, _] = versions.list_versions(ParkingTariff, car_park[1])
    number = second.id  # the row is gone once it is taken back

    def act(*of: ColumnElement[bool], after: datetime) -> ParkingTariff:
        return versions.withdraw(ParkingTariff, number, *of, after=after, begun=Begun())

    return act


def test_a_coming_version_is_taken_back_once(
    car_park: tuple[int, ColumnElement[bool]], withdraw: Callable[..., ParkingTariff]
) -> None:
    assert withdraw(car_park[1], after=SECOND - TICK).step_fen == 600
    assert [one.effective_from for one in versions.list_versions(ParkingTariff, car_park[1])] == [FIRST]
    with pytest.raises(Begun):
        withdraw(car_park[1], after=FIRST)


def test_a_version_that_has_begun_stays(
    car_park: tuple[int, ColumnElement[bool]], withdraw: Callable[..., ParkingTariff]
) -> None:
    with pytest.raises(Begun):
        withdraw(car_park[1], after=SECOND)
    assert len(versions.list_versions(ParkingTariff, car_park[1])) == 2


def test_another_s_version_is_not_taken_back(
    car_park: tuple[int, ColumnElement[bool]], withdraw: Callable[..., ParkingTariff]
) -> None:
    with pytest.raises(Begun):
        withdraw(ParkingTariff.car_park_id == car_park[0] + 1, after=FIRST)
    assert len(versions.list_versions(ParkingTariff, car_park[1])) == 2
