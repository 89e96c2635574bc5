"""Whatever arrives at the edges, the answer is a refusal with a code and a clear text, never a failure or a trace."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.identity.profiles import households
from app.kernel import clock
from app.kernel.security import codes
from app.malls import queries as mall_queries
from tests.builders.benefits import make_till
from tests.builders.identity import make_consent_document, make_member
from tests.builders.machines import Machine, make_machine
from tests.builders.parking import PLATE, make_ground
from tests.builders.staff import csrf_token, make_clerk
from tests.builders.staff import sign_in as sign_in_staff
from tests.builders.tasks import make_newbie_tasks
from tests.edges.refusals import BODIES, JSON, ensure_refused
from tests.support.isolation import Client
from tests.support.member_api import sign_in

CONTENT_TYPES = ["text/plain", "application/xml", "multipart/form-data", "a;b;c", ""]

# Values that no field of ours takes, or takes only to refuse them.
VALUES: dict[str, Any] = {
    "null": None,
    "true": True,
    "fraction": 1.5,
    "huge": 10**30,
    "negative_huge": -(10**30),
    "a_list": [],
    "nested": {"a": {"b": []}},
    "empty": "",
    "blank": " ",
    "nul": "A\x00B",
    "surrogate": "A\ud800B",
    "control": "A\x1b[31mB",
    "quotes": "'; DROP TABLE members; --",
    "long": "x" * 10_000,
    "digits": "9" * 5_000,
    "rtl": "\u202e\u0660",
    "emoji": "\U0001f697" * 40,
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address: who knocks, and a body that would be let in."""

    call: Callable[..., TestResponse]
    good: dict[str, Any]


@pytest.fixture
def endpoints(app: Flask, client: Client) -> dict[str, Endpoint]:
    """Every address that takes JSON, with somebody who may use it."""
    make_consent_document()
    households.ensure_document(now=clock.now())
    make_newbie_tasks()
    ground = make_ground()
    mall = mall_queries.get_mall(ground.store.mall_id)
    device = sign_in(client, make_member(mall))
    found = {f"api:{path}": Endpoint(_device(client, path, device.token), good) for path, good in MEMBER_API.items()}
    moment = clock.now().isoformat()
    receipt = {
        "source": "pos",
        "receipt_no": "R1",
        "store_code": ground.store.code,
        "occurred_at": moment,
        "amount_fen": 100,
        "member_code": "M",
        "phone": None,
        "card_no": None,
        "refund_of": None,
        "lines": [],
    }
    event = {
        "event_id": "e-1",
        "car_park_code": ground.car_park.code,
        "lane": "1",
        "plate": PLATE,
        "direction": "in",
        "occurred_at": moment,
    }
    found["open:/receipts"] = Endpoint(_machine(client, "/open/v1/receipts", make_machine(mall, "pos")), receipt)
    found["open:/parking/events"] = Endpoint(
        _machine(client, "/open/v1/parking/events", make_machine(mall, "gate")), event
    )
    make_till(ground.store)
    browser = Client(app, app.response_class)
    assert sign_in_staff(browser, make_clerk(ground.store)).status_code == 303
    token = csrf_token(browser, "/portal/me")
    return found | {f"portal:{path}": Endpoint(_clerk(browser, path, token), good) for path, good in PORTAL_API.items()}


MEMBER_API: dict[str, dict[str, Any]] = {
    "/entrance-scans": {"scene": "S", "visit_key": "visit-key"},
    "/sessions/mini-program": {"code": " ", "scene": "S", "visit_key": "visit-key"},
    "/sessions/official-account": {"code": "c", "state": "s", "scene": "S", "visit_key": "visit-key"},
    "/sessions/sms": {"phone": "13812345678", "code": "123456", "scene": "S", "visit_key": "visit-key"},
    "/sms-codes": {"phone": "x"},
    "/members/me/join": {"consent_version": "v0", "phone_code": None, "scene": "S", "visit_key": "visit-key"},
    "/members/me/plates": {"plate": "?"},
    "/members/me/subscriptions": {"results": {"nothing": "accept"}},
    "/members/me/profile/birthday": {"month": 2, "day": 30, "year": None},
    "/members/me/profile/nearby": {"nearby": "none"},
    "/members/me/profile/household": {
        "consent_version": "v0",
        "age_0_2": 0,
        "age_3_6": 0,
        "age_7_12": 0,
        "age_13_17": 0,
    },
    "/members/me/profile/skips": {"field": "none"},
    "/members/me/profile/profiling": {"profiling": False},
    "/members/me/tasks/preferences/complete": {"categories": ["none"]},
    "/members/me/tasks/first_order_coupon/complete": {"campaign": "0" * 32},
    "/members/me/tasks/subscribe/complete": {"results": {"nothing": "accept"}},
    "/members/me/exchanges": {"campaign": "0" * 32, "points": 1, "cash_fen": 0},
    f"/members/me/parking/{'0' * 32}/pay": {"quote_id": "0" * 32, "coupon_ids": ["1"], "points": 0},
    f"/members/me/parking/payments/{'0' * 32}/invoice": {
        "title_kind": "company",
        "title": "示例",
        "tax_no": "91440300708461136T",
        "email": "a@example.com",
    },
}
PORTAL_API: dict[str, dict[str, Any]] = {
    "/points/payments": {"member": "0" * 32, "points": 1},
    "/lookups": {"code": "ABCD"},
    "/redemptions": {"code": "ABCD", "spend_fen": 100},
}
# What an endpoint takes of VALUES after all, as (field, value): a lane may be blank, and what a receipt need not say.
TAKEN: dict[str, set[tuple[str, str]]] = {
    "api:/members/me/profile/profiling": {("profiling", "true")},
    "open:/parking/events": {("lane", "blank")},
    # Then it waits for its buyer: sent again with a code, the code is looked at, and this one is none.
    "open:/receipts": {("member_code", "null"), ("member_code", "empty")},
}
ENDPOINTS = [
    *(f"api:{path}" for path in MEMBER_API),
    *(f"portal:{path}" for path in PORTAL_API),
    "open:/receipts",
    "open:/parking/events",
]


def _device(client: Client, path: str, token: str) -> Callable[..., TestResponse]:
    def call(body: bytes, content_type: str = JSON, **headers: str) -> TestResponse:
        named = {"Authorization": f"Bearer {token}", "Idempotency-Key": codes.new_public_id()}
        return client.post(f"/api/v1{path}", data=body, content_type=content_type, headers=named | headers)

    return call


def _machine(client: Client, path: str, machine: Machine) -> Callable[..., TestResponse]:
    def call(body: bytes, content_type: str = JSON, **headers: str) -> TestResponse:
        return client.post(path, data=body, content_type=content_type, headers=machine.headers(path, body) | headers)

    return call


def _clerk(browser: Client, path: str, token: str) -> Callable[..., TestResponse]:
    def call(body: bytes, content_type: str = JSON, **headers: str) -> TestResponse:
        named = {"X-CSRF-Token": token, "Idempotency-Key": codes.new_public_id()}
        return browser.post(f"/portal/api{path}", data=body, content_type=content_type, headers=named | headers)

    return call


@pytest.mark.parametrize("name", ENDPOINTS)
def test_what_nobody_wrote_is_refused(endpoints: dict[str, Endpoint], name: str) -> None:
    endpoint = endpoints[name]
    for body in BODIES.values():
        ensure_refused(endpoint.call(body))
    for content_type in [] if name.startswith("open:") else CONTENT_TYPES:
        ensure_refused(endpoint.call(json.dumps(endpoint.good).encode(), content_type))


@pytest.mark.parametrize("name", ENDPOINTS)
def test_fields_of_another_kind_and_fields_nobody_knows_are_refused(endpoints: dict[str, Endpoint], name: str) -> None:
    endpoint = endpoints[name]
    taken = set()
    for field in endpoint.good:
        for kind, value in VALUES.items():
            answer = endpoint.call(json.dumps({**endpoint.good, field: value}).encode())
            if answer.status_code < 300:
                taken.add((field, kind))
            else:
                ensure_refused(answer)
    assert taken == TAKEN.get(name, set())
    answer = endpoint.call(json.dumps({**endpoint.good, "surprise": 1}).encode())
    ensure_refused(answer, 422)
    assert "surprise" in answer.text


@pytest.mark.parametrize("name", ["api:/members/me/plates", "portal:/redemptions"])
def test_a_key_of_another_form_is_refused(endpoints: dict[str, Endpoint], name: str) -> None:
    endpoint = endpoints[name]
    for key in ("", "short", "x" * 65, "with space", "umlaut-\xe4\xf6\xfc", "'; DROP TABLE"):
        ensure_refused(endpoint.call(json.dumps(endpoint.good).encode(), **{"Idempotency-Key": key}), 422)


def test_a_token_of_another_form_is_a_stranger(client: Client) -> None:
    kinds = (
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic eDp5",
        "Bearer WzEsMl0.x",
        "Bearer \xff",
        "Bearer " + "x" * 9_000,
    )
    for token in kinds:
        ensure_refused(client.get("/api/v1/members/me", headers={"Authorization": token}), 401)


SIGNATURES = [
    {"X-Timestamp": "now"},
    {"X-Timestamp": "9" * 400},
    {"X-Timestamp": "-1"},
    {"X-Timestamp": "1e9"},
    {"X-Nonce": "short"},
    {"X-Nonce": "n" * 500},
    {"X-Nonce": "\xff" * 20},
    {"X-Signature": "zz"},
    {"X-Signature": "0" * 64},
    {"X-Client-Id": "nobody"},
    {"X-Client-Id": ""},
]


@pytest.mark.parametrize("name", ["open:/receipts", "open:/parking/events"])
def test_a_machine_that_signs_otherwise_is_refused(endpoints: dict[str, Endpoint], name: str) -> None:
    for header in SIGNATURES:
        ensure_refused(endpoints[name].call(json.dumps(endpoints[name].good).encode(), **header), 401)
