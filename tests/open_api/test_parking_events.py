"""Gates over HTTP: what they may say and what they hear."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.builders.machines import Machine, make_machine
from tests.builders.malls import make_mall
from tests.builders.parking import Ground
from tests.support.clock import StillClock

EVENTS = "/open/v1/parking/events"
# As cameras of several makers write one car.
SEPARATED = (
    "沪B·12345", "沪B•12345", "沪B●12345", "沪B・12345", "沪B‧12345", "沪B—12345", "沪B－12345", "沪B_12345",
    "沪B 12345", "沪ｂ１２３４５", "滬B12345", "沪B\u200b12345", "\u202a沪B12345\u202c",
)  # fmt: skip


def event(ground: Ground, clock: StillClock, **facts: object) -> dict[str, object]:
    return {
        "event_id": "e-1",
        "car_park_code": ground.car_park.code,
        "lane": "入口 1",
        "plate": "沪A·12345",
        "direction": "in",
        "occurred_at": clock.now.isoformat(),
    } | facts


@pytest.mark.requirement("S3.1", "S3.7")
def test_in_and_out_with_a_fee_between(client: FlaskClient, ground: Ground, gate: Machine, clock: StillClock) -> None:
    came = gate.post(client, EVENTS, event(ground, clock)).json
    clock.advance(minutes=100)
    held = gate.post(client, EVENTS, event(ground, clock, event_id="e-2", direction="out", plate="沪a12345")).json
    assert came == {"session_id": (held or {})["session_id"], "action": "open", "due_fen": 0}
    assert ((held or {})["action"], (held or {})["due_fen"]) == ("hold", 1_200)


def test_a_repeated_event_freshly_signed_gets_the_same_answer(
    client: FlaskClient, ground: Ground, gate: Machine, clock: StillClock
) -> None:
    message = event(ground, clock)
    first, again = gate.post(client, EVENTS, message), gate.post(client, EVENTS, message)
    assert (first.status_code, first.json) == (again.status_code, again.json)
    other = gate.post(client, EVENTS, message | {"plate": "沪B88888"})
    assert (other.status_code, (other.json or {})["error"]["code"]) == (409, "gate_event_conflict")


def test_a_car_park_of_another_mall_is_unknown(client: FlaskClient, ground: Ground, clock: StillClock) -> None:
    answer = make_machine(make_mall(), "gate").post(client, EVENTS, event(ground, clock))
    assert (answer.status_code, (answer.json or {})["error"]["code"]) == (404, "car_park_not_found")


@pytest.mark.parametrize("plate", SEPARATED)
def test_a_plate_with_any_dot_or_dash_is_the_same_car_in_and_out(
    client: FlaskClient, ground: Ground, gate: Machine, clock: StillClock, plate: str
) -> None:
    came = gate.post(client, EVENTS, event(ground, clock, plate=plate)).json or {}
    clock.advance(minutes=5)
    left = gate.post(client, EVENTS, event(ground, clock, event_id="e-2", direction="out", plate="沪B12345")).json or {}
    assert (left["session_id"], left["action"]) == (came["session_id"], "open")


@pytest.mark.parametrize("plate", ["粤Z·1234港", "沪A·12345臨", "临沪A12345", "使012·345"])
def test_a_car_of_a_rare_plate_pays_like_any_other(
    client: FlaskClient, ground: Ground, gate: Machine, clock: StillClock, plate: str
) -> None:
    came = gate.post(client, EVENTS, event(ground, clock, plate=plate)).json or {}
    clock.advance(minutes=100)
    held = gate.post(client, EVENTS, event(ground, clock, event_id="e-2", direction="out", plate=plate)).json or {}
    assert (held["session_id"], held["action"], held["due_fen"]) == (came["session_id"], "hold", 1_200)


JUNK = ["C00D", "无牌车", " · ", "-", "_无_", "", None, "\0\x1b", "unlicensed_vehicle_0001", "A12345", "沪A12?45"]
# What has the form of a neighbour's plate may be junk as well, as long as nobody has bound it.
OF_NO_MEMBER = ["AB 1234", "K888", "ABC-1234", "М123АВ77"]


@pytest.mark.parametrize("reading", [*JUNK, *OF_NO_MEMBER, "\ud800"])
def test_a_gate_opens_for_what_it_cannot_read(
    client: FlaskClient, ground: Ground, gate: Machine, clock: StillClock, reading: str | None
) -> None:
    came = gate.post(client, EVENTS, event(ground, clock, plate=reading)).json or {}
    clock.advance(minutes=100)
    left = gate.post(client, EVENTS, event(ground, clock, event_id="e-2", direction="out", plate=reading)).json or {}
    assert (came["action"], left["action"], left["due_fen"]) == ("open", "open", 0)
    assert came["session_id"] != left["session_id"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"direction": "up"},
        {"plate": 12345},
        {"lane": ""},
        {"lane": "a\nb"},
        {"event_id": ""},
        {"event_id": "e 1"},
        {"event_id": "é"},
        {"event_id": "e" * 65},
        {"occurred_at": "2026-03-11T10:00:00"},
        {"occurred_at": "yesterday"},
        {"occurred_at": "0001-01-01T00:00:00+14:00"},
        {"occurred_at": "9999-12-31T23:59:59-12:00"},
        {"occurred_at": "2026-03-11T10:11:00+08:00"},
        {"occurred_at": "2026-03-11T10:00:00+23:59"},
        {"occurred_at": "2026-03-11T10:00:00+14:01"},
        {"occurred_at": "2026-03-11T10:00:00-12:30"},
        {"occurred_at": "2026-03-11T10:00:00+08:00:30"},
        {"occurred_at": "2026-02-30T10:00:00+08:00"},
        {"occurred_at": "2026-03-10T24:00:00+08:00"},
        {"occurred_at": 1_773_000_000},
        {"car_park_code": None},
        {"colour": "red"},
    ],
)
def test_bad_input_is_refused_with_the_field(
    client: FlaskClient, ground: Ground, gate: Machine, clock: StillClock, wrong: dict[str, object]
) -> None:
    answer = gate.post(client, EVENTS, event(ground, clock, **wrong))
    error = (answer.json or {})["error"]
    assert (answer.status_code, error["code"]) == (422, "validation_failed")
    assert set(error["fields"]) == set(wrong)


def test_a_gate_may_report_what_it_kept_while_the_network_was_away(
    client: FlaskClient, ground: Ground, gate: Machine, clock: StillClock
) -> None:
    hours_ago = (clock.now - timedelta(hours=20)).isoformat()
    assert gate.post(client, EVENTS, event(ground, clock, occurred_at=hours_ago)).status_code == 200
