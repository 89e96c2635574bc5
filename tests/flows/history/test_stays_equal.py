"""Stays of the past brought in by the batch leave the rows that the gate's own reports leave."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from app.flows import parking
from app.flows.history import stays
from app.flows.history.stays import Incoming
from app.identity import bulk as identity_bulk
from app.identity.models import IdentityKind
from app.kernel.db import db
from app.parking.car_parks.rules import Tariff
from app.parking.sessions.models import Direction
from tests.builders import identity
from tests.builders.parking import Ground, make_ground
from tests.support.clock import StillClock

FREE = Tariff(free_minutes=600, step_minutes=60, step_fen=600, daily_cap_fen=6_000, exit_grace_minutes=15)
QUERIES = (
    """
    SELECT car_park_id, tariff_id, plate, member_id, entered_at, exited_at, settled_fen, exit_by, note
    FROM parking_sessions""",
    "SELECT member_id, kind, split_part(fact, ':', 1), occurred_at, mall_id, store_id, source FROM timeline_events",
)


def rows() -> list[list[tuple[Any, ...]]]:
    db.session.flush()
    return [sorted(map(tuple, db.session.execute(text(query))), key=repr) for query in QUERIES]


def _town(clock: StillClock) -> tuple[Ground, list[Incoming]]:
    """Cars of two members and of a stranger, some of them twice."""
    ground = make_ground(tariff=FREE)
    owners = [(f"沪B{number}8800", identity.make_member(ground.mall).id) for number in (1, 2)]
    identity_bulk.bind_plates(owners, now=clock.now - timedelta(days=90))
    plates = [plate for plate, _ in owners] + ["沪B38800"]
    return ground, [
        Incoming(plate, at, at + timedelta(hours=2 + number))
        for number, plate in enumerate(plates)
        for at in (clock.now - timedelta(days=9), clock.now - timedelta(days=2, minutes=number))
    ]


def test_a_batch_is_what_the_gate_would_have_reported(clock: StillClock) -> None:
    ground, items = _town(clock)
    savepoint = db.session.begin_nested()
    for item in sorted(items, key=lambda one: one.entered_at):
        ground.passes(Direction.IN, plate=item.plate, at=item.entered_at)
        ground.passes(Direction.OUT, plate=item.plate, at=item.exited_at)
    expected = rows()
    savepoint.rollback()
    assert [one.kind.value for one in stays.load(items, ground.car_park)] == ["new"] * len(items)
    assert rows() == expected


def test_what_is_known_is_not_recorded_again_and_what_overlaps_is_refused(clock: StillClock) -> None:
    ground, items = _town(clock)
    stays.load(items, ground.car_park)
    before = rows()
    plate, came, left = items[0]
    twice = [
        Incoming(plate, came, left),
        Incoming(plate, came + timedelta(minutes=5), left + timedelta(hours=1)),
        Incoming(plate, left + timedelta(hours=3), left + timedelta(hours=2)),
    ]
    assert [one.kind.value for one in stays.load(twice, ground.car_park)] == ["known", "refused", "refused"]
    assert rows() == before


def test_plates_bound_by_the_batch_are_those_of_their_members(clock: StillClock) -> None:
    ground = make_ground(tariff=FREE)
    one, other = identity.make_member(ground.mall), identity.make_member(ground.mall)
    parking.bind_plate(one.id, "沪B66666", now=clock.now)
    identity_bulk.bind_plates([("沪B77777", other.id)], now=clock.now)
    assert identity_bulk.find_owners(IdentityKind.PLATE, ["沪B66666", "沪B77777"]) == {
        "沪B66666": one.id,
        "沪B77777": other.id,
    }
