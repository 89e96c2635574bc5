"""Coupons for points, as the mini-program asks for them."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.benefits.campaigns.models import Campaign
from app.benefits.exchanges import queries
from app.identity.models import Member
from app.malls.models import Mall
from tests.builders.exchanges import make_priced
from tests.builders.malls import make_mall
from tests.builders.till_points import make_saver
from tests.support.clock import StillClock
from tests.support.member_api import Device, sign_in


@pytest.fixture
def mall(clock: StillClock) -> Mall:
    return make_mall()


@pytest.fixture
def member(mall: Mall) -> Member:
    return make_saver(1_000, mall=mall)


@pytest.fixture
def device(client: FlaskClient, member: Member) -> Device:
    return sign_in(client, member)


def wish(campaign: Campaign, **changed: object) -> dict[str, Any]:
    asked = {"campaign": campaign.public_id, "points": campaign.exchange_points, "cash_fen": campaign.exchange_fen}
    return {**asked, **changed}


@pytest.mark.requirement("S3.11")
def test_what_can_be_had_comes_first_and_then_what_is_missing_least(device: Device, mall: Mall) -> None:
    for title, points in (("远", 5_000), ("小", 100), ("近", 1_200), ("大", 900)):
        make_priced(mall, points, title=title)
    make_priced(mall, 50, title="完", stock=0)
    found = device.get("/members/me/exchanges").json or {}
    assert [one["title"] for one in found["items"]] == ["大", "小", "近", "远", "完"]
    assert [one["affordable"] for one in found["items"]] == [True, True, False, False, True]
    assert (found["available"], found["items"][0]["price"]) == (1_000, "900 积分")
    assert "可到服务台退回" in found["rule"]


def test_one_press_however_often_sent_is_one_coupon(device: Device, mall: Mall) -> None:
    campaign = make_priced(mall, 300, per_member_limit=9)
    first, second = (device.post("/members/me/exchanges", wish(campaign), key="one-press") for _ in range(2))
    assert first.json == second.json and first.status_code == 200
    begun = (first.json or {})["exchange"]
    assert (begun["status"], (first.json or {})["wechat_pay"]) == ("done", None)
    (coupon,) = (device.get("/members/me/coupons").json or {})["items"]
    assert (coupon["id"], coupon["status"]) == (begun["coupon"], "usable")
    assert (device.get("/members/me/points").json or {})["available"] == 700


def test_a_price_that_is_not_the_price_says_so(device: Device, mall: Mall) -> None:
    campaign = make_priced(mall, 300)
    answer = device.post("/members/me/exchanges", wish(campaign, points=200))
    assert (answer.status_code, (answer.json or {})["error"]["code"]) == (409, "exchange_price_changed")
    assert (answer.json or {})["error"]["fields"] == {"points": 300, "cash_fen": 0}


def test_cash_outside_wechat_is_refused_and_nothing_is_held(device: Device, mall: Mall) -> None:
    answer = device.post("/members/me/exchanges", wish(make_priced(mall, 300, 990)))
    assert (answer.json or {})["error"]["code"] == "wechat_payer_required"
    found = device.get("/members/me/points").json or {}
    assert (found["available"], found["frozen_points"]) == (1_000, 0)


@pytest.mark.parametrize(
    "changed", [{"points": 0}, {"points": "300"}, {"cash_fen": -1}, {"campaign": "x"}, {"more": 1}, {"points": None}]
)
def test_what_is_no_wish_is_refused(device: Device, mall: Mall, changed: dict[str, object]) -> None:
    answer = device.post("/members/me/exchanges", wish(make_priced(mall, 300)) | changed)
    assert (answer.status_code, (answer.json or {})["error"]["code"]) == (422, "validation_failed")


def test_an_exchange_is_its_members_own(device: Device, mall: Mall, client: FlaskClient, member: Member) -> None:
    begun = (device.post("/members/me/exchanges", wish(make_priced(mall, 300))).json or {})["exchange"]
    stranger = sign_in(client, make_saver(1_000, mall=mall))
    for answer in (
        stranger.get(f"/members/me/exchanges/{begun['id']}"),
        stranger.post(f"/members/me/exchanges/{begun['id']}/cancel"),
    ):
        assert (answer.status_code, (answer.json or {})["error"]["code"]) == (404, "exchange_not_found")
    assert (device.post(f"/members/me/exchanges/{begun['id']}/cancel").json or {})["status"] == "done"
    assert queries.find_exchange(member.id, begun["id"]).status == "done"
