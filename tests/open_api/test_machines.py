"""Only a machine that signed this very request just now is let in, once."""

import json
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.access.machines import machines
from app.access.machines.models import Machine as MachineRow
from app.access.machines.models import MachineNonce
from app.kernel.db import db
from tests.builders.machines import Machine, make_machine
from tests.builders.parking import Ground
from tests.support.clock import StillClock

EVENTS = "/open/v1/parking/events"


@pytest.fixture
def body(ground: Ground, clock: StillClock) -> bytes:
    """A car comes."""
    event = {
        "event_id": "e-1",
        "car_park_code": ground.car_park.code,
        "lane": "入口 1",
        "plate": "沪A12345",
        "direction": "in",
        "occurred_at": clock.now.isoformat(),
    }
    return json.dumps(event).encode()


def code_of(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, (answer.json or {})["error"]["code"]


def test_a_signed_request_is_let_in(client: FlaskClient, gate: Machine, body: bytes) -> None:
    answer = gate.post(client, EVENTS, body)
    assert answer.status_code == 200
    assert (answer.json or {})["action"] == "open"


def test_the_same_request_again_is_a_replay(client: FlaskClient, gate: Machine, body: bytes) -> None:
    signed = gate.headers(EVENTS, body)
    assert client.post(EVENTS, data=body, headers=signed).status_code == 200
    assert code_of(client.post(EVENTS, data=body, headers=signed)) == (409, "replayed_request")


@pytest.mark.parametrize(
    "changed",
    [
        {"X-Signature": "0" * 64},
        {"X-Signature": ""},
        {"X-Nonce": "another-nonce-than-signed"},
        {"X-Nonce": "short"},
        {"X-Nonce": ""},
        {"X-Timestamp": "1"},
        {"X-Timestamp": "soon"},
        {"X-Timestamp": "9" * 40},
        {"X-Timestamp": "-5"},
        {"X-Client-Id": "nobody"},
        {"X-Client-Id": ""},
    ],
)
def test_anything_else_than_what_was_signed_is_refused(
    client: FlaskClient, gate: Machine, body: bytes, changed: dict[str, str]
) -> None:
    assert code_of(gate.post(client, EVENTS, body, **changed)) == (401, "bad_signature")


def test_another_body_or_path_than_signed_is_refused(client: FlaskClient, gate: Machine, body: bytes) -> None:
    signed = gate.headers(EVENTS, body)
    assert code_of(client.post(EVENTS, data=body + b" ", headers=signed)) == (401, "bad_signature")
    assert code_of(client.post(f"{EVENTS}?a=1", data=body, headers=signed)) == (401, "bad_signature")


def test_the_query_is_part_of_what_is_signed(client: FlaskClient, gate: Machine, body: bytes) -> None:
    target = f"{EVENTS}?lane=1"
    assert client.post(target, data=body, headers=gate.headers(target, body)).status_code == 200


def test_another_machines_secret_does_not_open(client: FlaskClient, ground: Ground, gate: Machine, body: bytes) -> None:
    other = make_machine(ground.mall, "gate")
    assert code_of(gate.post(client, EVENTS, body, **{"X-Client-Id": other.client_id})) == (401, "bad_signature")


def test_a_till_is_no_gate(client: FlaskClient, ground: Ground, body: bytes) -> None:
    assert code_of(make_machine(ground.mall, "pos").post(client, EVENTS, body)) == (401, "bad_signature")


def test_a_machine_out_of_service_is_refused(client: FlaskClient, gate: Machine, body: bytes) -> None:
    row = db.session.scalars(select(MachineRow).where(MachineRow.client_id == gate.client_id)).one()
    row.active = False
    assert code_of(gate.post(client, EVENTS, body)) == (401, "bad_signature")


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_clock_five_minutes_off_is_stale(
    client: FlaskClient, gate: Machine, body: bytes, clock: StillClock, seconds: int
) -> None:
    signed = gate.headers(EVENTS, body)
    clock.advance(seconds=seconds)
    assert code_of(client.post(EVENTS, data=body, headers=signed)) == (401, "stale_request")


@pytest.mark.parametrize("seconds", [-300, 300])
def test_a_clock_less_off_will_do(
    client: FlaskClient, gate: Machine, body: bytes, clock: StillClock, seconds: int
) -> None:
    signed = gate.headers(EVENTS, body)
    clock.advance(seconds=seconds)
    assert client.post(EVENTS, data=body, headers=signed).status_code == 200


@pytest.mark.parametrize(
    ("broken", "status"),
    [
        (b"", 422),
        (b"[]", 422),
        (b"{", 422),
        (b"\xff\xfe", 422),
        (b"{}", 422),
        (b'{"event_id": 1}', 422),
    ],
)
def test_a_signed_body_that_is_none_is_refused_and_its_nonce_is_free_again(
    client: FlaskClient, gate: Machine, broken: bytes, status: int
) -> None:
    assert gate.post(client, EVENTS, broken).status_code == status
    assert db.session.scalar(select(func.count()).select_from(MachineNonce)) == 0


def test_nonces_are_forgotten_when_their_requests_would_be_stale(
    client: FlaskClient, gate: Machine, body: bytes, clock: StillClock
) -> None:
    gate.post(client, EVENTS, body)
    assert machines.sweep_nonces(now=clock.now + timedelta(minutes=10)) == 0
    assert machines.sweep_nonces(now=clock.now + timedelta(minutes=21)) == 1


def test_a_secret_can_be_changed(client: FlaskClient, ground: Ground, gate: Machine, body: bytes) -> None:
    changed = Machine(gate.client_id, "a new secret")
    row = machines.find_machine(gate.client_id)
    assert row is not None
    machines.register(
        gate.client_id, kind="gate", name="gate", secret=changed.secret, mall_id=ground.mall.id, now=row.created_at
    )
    assert code_of(gate.post(client, EVENTS, body)) == (401, "bad_signature")
    assert changed.post(client, EVENTS, body).status_code == 200
