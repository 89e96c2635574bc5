"""Who tries much at a till waits: an account, a browser, an address, whether or not what they try goes through."""

import pytest
from flask import Flask

from app.identity.models import Member
from app.kernel.distribution import database
from app.malls.models import Mall, Store
from merchant_portal.kit import attempts
from tests.builders.benefits import make_campaign, make_coupon
from tests.builders.staff import make_clerk
from tests.merchant_portal.conftest import Portal
from tests.support.clock import StillClock
from tests.support.isolation import Client


def test_redemptions_are_throttled_like_look_ups(clerk: Portal, clock: StillClock) -> None:
    asked = {"code": "XXXX", "spend_fen": None}
    answers = [clerk.post("/redemptions", asked) for _ in range(attempts.PER_PERSON + 1)]
    assert [answer.status_code for answer in answers[-2:]] == [404, 429]
    assert answers[-1].headers["Retry-After"]
    clock.advance(minutes=1)
    assert clerk.post("/redemptions", asked).status_code == 404


@pytest.mark.requirement("S2.4")
@pytest.mark.parametrize("kind", [database.PLAIN, database.DISTRIBUTED])
def test_redemptions_that_go_through_are_counted_too(
    clerk: Portal, member: Member, mall: Mall, clock: StillClock, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(attempts, "PER_PERSON", 2)
    monkeypatch.setattr(database, "is_distributed", lambda: kind == database.DISTRIBUTED)
    campaign = make_campaign(mall, per_member_limit=9)
    coupons = [make_coupon(member, campaign) for _ in range(3)]
    answers = [clerk.redeem(coupon, key=f"key-{number:08d}") for number, coupon in enumerate(coupons)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[2].headers["Retry-After"] and coupons[2].status == "issued"
    again = clerk.redeem(coupons[1], key="key-00000001")
    assert (again.status_code, again.json) == (201, answers[1].json)
    clock.advance(minutes=1)
    assert clerk.redeem(coupons[2]).status_code == 201


def test_a_browser_is_throttled_whoever_signs_in_with_it(
    clerk: Portal, app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "PER_DEVICE", 2)
    asked = {"code": "XXXX", "spend_fen": None}
    assert [clerk.post("/redemptions", asked).status_code for _ in range(2)] == [404, 404]
    clerk.client.delete_cookie("portal_session", path="/portal")
    colleague = Portal.of(clerk.client, make_clerk(store))
    assert colleague.post("/redemptions", asked).status_code == 429
    assert Portal.of(Client(app, app.response_class), colleague.person).post("/redemptions", asked).status_code == 404


def test_an_address_is_throttled_whoever_is_there(
    clerk: Portal, app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "PER_ADDRESS", 2)
    asked = {"code": "XXXX", "spend_fen": None}
    assert [clerk.post("/redemptions", asked).status_code for _ in range(2)] == [404, 404]
    colleague = Portal.of(Client(app, app.response_class), make_clerk(store))
    assert colleague.post("/redemptions", asked).status_code == 429
    assert colleague.post("/lookups", {"code": "XXXX"}).status_code == 404
    colleague.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert colleague.post("/redemptions", asked).status_code == 404


def test_lookups_are_throttled_per_person(clerk: Portal) -> None:
    for _ in range(attempts.PER_PERSON):
        clerk.post("/lookups", {"code": "XXXX"})
    answer = clerk.post("/lookups", {"code": "XXXX"})
    assert answer.status_code == 429 and answer.headers["Retry-After"]
