"""Counters over HTTP: hours of doors, said once or corrected."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.audit import Actor
from app.access.models import AuditEntry
from app.entrances import footfall
from app.entrances.models import Door, Footfall
from app.flows.history.files.rows import footfall_rows
from app.kernel import clock
from app.kernel.db import db
from app.malls.models import Mall
from tests.builders.machines import Machine, make_machine
from tests.builders.malls import make_mall
from tests.support.clock import StillClock

FOOTFALL = "/open/v1/footfall"
HOUR = {"door": "N1", "day": "2026-03-11", "hour": 9, "visitors": 318}


@pytest.fixture
def mall(clock: StillClock) -> Mall:
    return make_mall()


@pytest.fixture
def counter(mall: Mall) -> Machine:
    return make_machine(mall, "counter")


def _kept() -> list[tuple[object, ...]]:
    rows = select(Door.code, Footfall.hour, Footfall.visitors).join(Door, Door.id == Footfall.door_id)
    return sorted(map(tuple, db.session.execute(rows)))


@pytest.mark.requirement("S2.2")
def test_counts_are_kept_once_and_a_correction_replaces_and_is_written_down(
    client: FlaskClient, counter: Machine, mall: Mall
) -> None:
    south = HOUR | {"door": "S1", "visitors": 0}
    first = counter.post(client, FOOTFALL, {"counts": [HOUR, south]})
    assert (first.status_code, first.json) == (200, {"new": 2, "corrected": 0, "repeated": 0})
    again = counter.post(client, FOOTFALL, {"counts": [HOUR | {"visitors": 320}, south, HOUR | {"hour": 8}]})
    assert again.json == {"new": 1, "corrected": 1, "repeated": 1}
    assert _kept() == [("N1", 8, 318), ("N1", 9, 320), ("S1", 9, 0)]
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "footfall.correct"))
    assert (entry.actor_kind, entry.mall_id) == ("machine", mall.id)
    assert entry.facts == {"day": "2026-03-11", "hour": 9, "visitors_before": 318, "visitors": 320}


def test_a_door_has_one_code_whoever_counts_there(client: FlaskClient, counter: Machine, mall: Mall) -> None:
    """What was typed by hand or stood in a file is what a counter says, in Chinese or not."""
    in_file = footfall_rows.footfall_cells(now=clock.now())["door"]("南门  A")
    assert in_file == footfall.spell_door(" 南门 A") == "南门 A"
    count = footfall.Count(in_file, date(2026, 3, 11), 9, 318)
    actor = Actor("staff", 1, "张岚")
    footfall.record(mall.id, [count], source=footfall.Source.FILE, actor=actor, now=clock.now())
    said = counter.post(client, FOOTFALL, {"counts": [HOUR | {"door": "南门 A"}]})
    assert (said.status_code, said.json) == (200, {"new": 0, "corrected": 0, "repeated": 1})


def test_an_hour_that_has_not_begun_is_refused_with_all_that_came_with_it(
    client: FlaskClient, counter: Machine
) -> None:
    refused = counter.post(client, FOOTFALL, {"counts": [HOUR, HOUR | {"hour": 11}]})
    assert (refused.status_code, (refused.json or {})["error"]["code"]) == (422, "footfall_ahead")
    assert _kept() == []
    assert counter.post(client, FOOTFALL, {"counts": [HOUR | {"hour": 10}]}).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"hour": 24},
        {"hour": "9"},
        {"visitors": -1},
        {"visitors": 1.5},
        {"door": ""},
        {"door": " "},
        {"door": "门" * 65},
        {"day": "2026-02-30"},
        {"day": "0001-01-01"},
        {"x": 1},
    ],
)
def test_nonsense_is_refused(client: FlaskClient, counter: Machine, wrong: dict[str, object]) -> None:
    assert counter.post(client, FOOTFALL, {"counts": [HOUR | wrong]}).status_code == 422


def test_an_hour_said_twice_in_one_batch_and_a_machine_of_another_kind_are_refused(
    client: FlaskClient, counter: Machine, mall: Mall
) -> None:
    assert counter.post(client, FOOTFALL, {"counts": [HOUR, HOUR | {"visitors": 1}]}).status_code == 422
    assert make_machine(mall, "gate").post(client, FOOTFALL, {"counts": [HOUR]}).status_code in (401, 403)


def test_doors_of_two_malls_may_have_one_code(client: FlaskClient, counter: Machine) -> None:
    other = make_machine(make_mall(code="YT"), "counter")
    counter.post(client, FOOTFALL, {"counts": [HOUR]})
    assert (other.post(client, FOOTFALL, {"counts": [HOUR | {"visitors": 5}]}).json or {})["new"] == 1
    assert _kept() == [("N1", 9, 5), ("N1", 9, 318)]
