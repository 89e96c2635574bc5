"""Callbacks of nobody, addresses where nothing lives, methods and queries nobody wrote."""

import re

import pytest
from flask import Flask

from app.kernel.security import codes
from tests.builders.benefits import make_till
from tests.builders.identity import make_member
from tests.builders.parking import make_ground
from tests.builders.staff import csrf_token, make_clerk
from tests.builders.staff import sign_in as sign_in_staff
from tests.edges.refusals import BODIES, CHINESE, FORM, TRACE, ensure_refused
from tests.support.isolation import Client
from tests.support.member_api import sign_in

CALLBACKS = ["/open/v1/wecom/callback", "/open/v1/wechat/mini", "/open/v1/wechat-pay/notices"]


MORE = {
    "xml_bomb": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>',
    "xml_half": b"<xml><Encrypt>",
}


QUERIES = ["", "?msg_signature=x&timestamp=1&nonce=1", "?signature=%00&timestamp=%ff&nonce=&echostr=x", "?a=1&a=2"]


@pytest.mark.parametrize("address", CALLBACKS)
def test_callbacks_of_nobody_are_refused(client: Client, address: str) -> None:
    for body in (BODIES | MORE).values():
        for query in QUERIES:
            ensure_refused(client.post(address + query, data=body, content_type="text/xml"))


@pytest.mark.parametrize("address", CALLBACKS[:2])
def test_address_checks_of_nobody_are_refused(client: Client, address: str) -> None:
    for query in QUERIES:
        ensure_refused(client.get(address + query))


@pytest.mark.parametrize("address", ["/h5", "/console", "/portal/sign-in", "/api/v1/entrances/default"])
def test_a_query_that_is_no_text_is_refused(client: Client, address: str) -> None:
    assert client.get(address, environ_overrides={"QUERY_STRING": "scene=\xff"}).status_code == 400


NOWHERE = [
    "/api/v1/nothing",
    "/api/v1/members/me/coupons/%00",
    "/api/v1/members/me/coupons/" + "9" * 5_000,
    "/api/v1/members/me/coupons/%FF%FE",
    "/api/v1/members/me/parking/x/quote/y",
    "/api/v2/members/me",
    "/api/",
    "/open/v1/nothing",
    "/open/v1/%00",
    "/open/",
    "/portal/api/nothing",
    "/portal/api/%00",
    "/portal/api/redemptions/" + "9" * 5_000 + "/nothing",
    "/api/v1/../../etc/passwd",
    "/api/v1/entrances/%00",
    "/api/v1/entrances/" + "x" * 5_000,
    "/api/v1/entrances/%F0%9F%9A%97",
]


def test_nothing_lives_at_other_addresses(client: Client) -> None:
    token = sign_in(client, make_member()).token
    for path in NOWHERE:
        ensure_refused(client.get(path, headers={"Authorization": f"Bearer {token}"}), 404)


BAD_QUERIES = [
    "cursor=%00",
    "cursor=",
    "cursor=-1",
    "cursor=7",
    "cursor=" + "9" * 5_000,
    "limit=0",
    "limit=51",
    "limit=NaN",
    "limit=" + "9" * 5_000,
    "status=%F0%9F%9A%97",
    "status=%ED%A0%80",
    "surprise=%00",
]


def test_queries_of_another_form_are_refused(client: Client) -> None:
    token = sign_in(client, make_member()).token
    for query in BAD_QUERIES:
        answer = client.get(f"/api/v1/members/me/coupons?{query}", headers={"Authorization": f"Bearer {token}"})
        ensure_refused(answer, 400, 422)


def test_every_address_refuses_other_methods(app: Flask, client: Client) -> None:
    edges = ("/api/v1/", "/open/", "/portal/api/")
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(edges)]
    assert len(rules) > 30
    for rule in rules:
        path = re.sub(r"<[^>]+>", "x", re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule))
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - taken(app, path):
            ensure_refused(client.open(path, method=method), 401, 405)


def taken(app: Flask, path: str) -> set[str]:
    """Methods that the address takes, of whichever rule."""
    return set(app.url_map.bind("localhost").allowed_methods(path))


def test_a_redemption_that_is_none_is_refused(app: Flask, client: Client) -> None:
    store = make_ground().store
    make_till(store)
    sign_in_staff(client, make_clerk(store))
    headers = {"X-CSRF-Token": csrf_token(client, "/portal/me"), "Idempotency-Key": codes.new_public_id()}
    for name in ("x", "%00", "9" * 5_000, "%F0%9F%9A%97", "-1", "1e9", "0"):
        ensure_refused(client.post(f"/portal/api/redemptions/{name}/undo", json={}, headers=headers), 404)


@pytest.mark.parametrize("portal", ["/portal", "/console"])
def test_a_sign_in_form_nobody_filled_is_refused(client: Client, portal: str) -> None:
    token = csrf_token(client, f"{portal}/sign-in")
    for form in ("phone=%00&password=x", "phone=" + "9" * 5_000 + "&password=x", "phone=%FF", "a", ""):
        answer = client.post(f"{portal}/sign-in", data=f"{form}&csrf_token={token}", content_type=FORM)
        assert 400 <= answer.status_code < 500, (answer.status_code, answer.text[:300])
        assert CHINESE.search(answer.text) and not TRACE.search(answer.text)
