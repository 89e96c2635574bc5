"""My plates and my parked cars, as the mini-program sees them."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.benefits.coupons.models import Redemption
from app.identity.duplicates.models import MemberSign
from app.kernel.db import db
from app.parking.payment.models import GateMessage, ParkingQuote
from tests.builders.identity import make_visitor
from tests.builders.parking import PLATE, Ground, make_driver, make_ground
from tests.support.clock import StillClock
from tests.support.member_api import Device, sign_in


@pytest.fixture
def ground(clock: StillClock) -> Ground:
    return make_ground()


@pytest.fixture
def device(client: FlaskClient, ground: Ground) -> Device:
    """The phone of a member with 700 points and an hour of parking, whose car has stood for 100 minutes."""
    member = make_driver(ground, points=700, coupons=(60,))
    ground.comes(minutes_ago=100)
    return sign_in(client, member)


def error_of(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, (answer.json or {})["error"]["code"]


def my_session(device: Device) -> dict[str, Any]:
    (session,) = (device.get("/members/me/parking").json or {})["sessions"]
    return dict(session)


def path_of(device: Device) -> str:
    return f"/members/me/parking/{my_session(device)['id']}"


def quote(device: Device) -> dict[str, Any]:
    return dict(device.post(f"{path_of(device)}/quote").json or {})


NO_TIER = {"tier": None, "tier_minutes": 0, "tier_fen": 0}


def as_proposed(quoted: dict[str, Any]) -> dict[str, Any]:
    proposal = quoted["proposal"]
    coupon_ids = [one["id"] for one in proposal["coupons"]]
    return {"quote_id": quoted["quote_id"], "coupon_ids": coupon_ids, "points": proposal["points"]["points"]}


def test_where_my_car_is_and_what_it_costs(device: Device, ground: Ground) -> None:
    session = my_session(device)
    session.pop("id")
    assert session == {
        "car_park": "地下停车场",
        "mall": ground.mall.name,
        "plate": PLATE,
        "entered_at": "2026-03-11T00:20:00Z",
        "minutes": 100,
        "fee_fen": 1_200,
        "paid_fen": 0,
        "paid_split": None,
        "due_fen": 1_200,
        "free": None,
        "free_minutes": 30,
        "exit_by": None,
        "tariff_text": "30 分钟内免费，超过后每 1 小时 ¥6（不足 1 小时按 1 小时计），24 小时最高 ¥60",
    }


@pytest.mark.requirement("S2.24")
def test_a_quote_adds_up(device: Device) -> None:
    quoted = quote(device)
    (cover,) = quoted["proposal"]["coupons"]
    assert (quoted["fee_fen"], quoted["valid_until"]) == (1_200, "2026-03-11T02:05:00Z")
    assert (cover["title"], cover["minutes"], cover["covers_fen"]) == ("立减券", 60, 600)
    assert quoted["proposal"]["points"] == {"points": 600, "covers_fen": 600}
    assert quoted["proposal"]["cash_fen"] == 0
    assert quoted["alternatives"] == {"max_points": 700, "coupons": [cover]}


@pytest.mark.requirement("S3.7", "S3.11")
def test_paying_as_proposed_lets_the_car_out(device: Device) -> None:
    path = path_of(device)
    answer = device.post(f"{path}/pay", as_proposed(quote(device)))
    paid = (answer.json or {})["payment"]
    assert answer.status_code == 200
    assert (paid["status"], paid["cash_fen"], paid["exit_by"]) == ("paid", 0, "2026-03-11T02:15:00Z")
    assert (answer.json or {})["wechat_pay"] is None
    assert device.get(f"/members/me/parking/payments/{paid['id']}").json == paid
    parts = {**NO_TIER, "coupons": 1, "coupons_fen": 600, "points": 600, "points_fen": 600, "cash_fen": 0}
    assert (paid["due_fen"], paid["split"]) == (1_200, parts)
    session = my_session(device)
    assert (session["paid_fen"], session["due_fen"], session["exit_by"]) == (1_200, 0, "2026-03-11T02:15:00Z")
    assert session["paid_split"] == parts


def test_pressing_pay_twice_pays_once(device: Device) -> None:
    path, wish = path_of(device), as_proposed(quote(device))
    answers = [device.post(f"{path}/pay", wish, key="same-key-1") for _ in range(3)]
    assert all(answer.json == answers[0].json for answer in answers)
    assert error_of(device.post(f"{path}/pay", wish, key="other-key-1"))[0] == 409
    assert db.session.scalar(select(func.count()).select_from(Redemption)) == 1
    assert db.session.scalar(select(func.count()).select_from(GateMessage)) == 1


def test_pressing_quote_twice_with_one_key_is_one_quote(device: Device) -> None:
    path = path_of(device)
    first, again = (device.post(f"{path}/quote", key="same-key-2") for _ in range(2))
    assert first.json == again.json
    assert db.session.scalar(select(func.count()).select_from(ParkingQuote)) == 1


def test_cash_outside_wechat_is_refused_with_the_next_step(device: Device) -> None:
    path, quoted = path_of(device), quote(device)
    refused = device.post(f"{path}/pay", {"quote_id": quoted["quote_id"]})
    assert error_of(refused) == (409, "wechat_payer_required")
    assert "微信" in (refused.json or {})["error"]["message"]


def test_an_old_quote_is_refused(device: Device, clock: StillClock) -> None:
    path, wish = path_of(device), as_proposed(quote(device))
    clock.advance(minutes=6)
    assert error_of(device.post(f"{path}/pay", wish)) == (409, "quote_expired")


def test_nothing_is_due_within_the_free_time(client: FlaskClient, ground: Ground) -> None:
    device = sign_in(client, make_driver(ground))
    ground.comes(minutes_ago=20)
    assert my_session(device)["due_fen"] == 0
    assert error_of(device.post(f"{path_of(device)}/quote")) == (409, "parking_nothing_due")


def test_strangers_see_nothing_of_it(client: FlaskClient, device: Device, ground: Ground) -> None:
    path, wish = path_of(device), as_proposed(quote(device))
    stranger = sign_in(client, make_driver(ground, plate="沪B88888"))
    assert (stranger.get("/members/me/parking").json or {})["sessions"] == []
    assert error_of(stranger.post(f"{path}/quote")) == (404, "parking_session_not_found")
    assert error_of(stranger.post(f"{path}/pay", wish)) == (404, "parking_session_not_found")
    paid = (device.post(f"{path}/pay", wish).json or {})["payment"]
    assert error_of(stranger.get(f"/members/me/parking/payments/{paid['id']}"))[0] == 404


@pytest.mark.parametrize("session_id", ["1", "x" * 32, "0" * 32, "%00", "..", "é"])
def test_ids_that_are_none_are_not_found(device: Device, session_id: str) -> None:
    assert device.post(f"/members/me/parking/{session_id}/quote").status_code == 404
    assert device.get(f"/members/me/parking/payments/{session_id}").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"quote_id": "nonsense"},
        {"quote_id": None},
        {"coupon_ids": ["a"]},
        {"coupon_ids": "1"},
        {"coupon_ids": ["1"] * 25},
        {"points": -1},
        {"points": "5"},
        {"points": 1.5},
        {"cash": 1},
    ],
)
def test_bad_wishes_are_refused_with_the_field(device: Device, wrong: dict[str, Any]) -> None:
    path, wish = path_of(device), as_proposed(quote(device))
    refused = device.post(f"{path}/pay", wish | wrong)
    assert error_of(refused) == (422, "validation_failed")
    assert set((refused.json or {})["error"]["fields"].get("json", (refused.json or {})["error"]["fields"])) == set(
        wrong
    )


def test_coupon_numbers_beyond_all_numbers_are_not_found(device: Device) -> None:
    path, quoted = path_of(device), quote(device)
    wish = {"quote_id": quoted["quote_id"], "coupon_ids": ["9" * 19], "points": 0}
    assert device.post(f"{path}/pay", wish).status_code == 404
    wish["coupon_ids"] = ["123456789"]
    assert error_of(device.post(f"{path}/pay", wish)) == (409, "parking_coupon_not_usable")


def test_signing_in_is_needed(client: FlaskClient) -> None:
    for path in ("plates", "parking", f"parking/payments/{'0' * 32}"):
        assert client.get(f"/api/v1/members/me/{path}").status_code == 401


@pytest.mark.requirement("S3.6")
def test_binding_listing_and_unbinding_a_plate(client: FlaskClient, ground: Ground) -> None:
    device = sign_in(client, make_driver(ground, plate=None, coupons=(120,)))
    bound = device.post("/members/me/plates", {"plate": "沪a·D12345"})
    assert (bound.status_code, bound.json) == (200, {"plate": "沪AD12345", "bound_coupons": 1, "had_gift": False})
    assert device.get("/members/me/plates").json == {
        "items": [{"plate": "沪AD12345", "bound_at": "2026-03-11T02:00:00Z"}]
    }
    assert device.delete("/members/me/plates/沪AD12345").status_code == 204
    assert device.delete("/members/me/plates/沪AD12345").status_code == 204
    assert device.get("/members/me/plates").json == {"items": []}


def test_a_plate_is_one_members(client: FlaskClient, device: Device, ground: Ground) -> None:
    other = sign_in(client, make_driver(ground, plate=None))
    assert error_of(other.post("/members/me/plates", {"plate": PLATE})) == (409, "plate_taken")
    noted = db.session.scalars(select(MemberSign.kind).where(MemberSign.noted)).all()
    assert noted == ["plate", "plate"]
    assert error_of(other.post("/members/me/plates", {"plate": "ABC"})) == (422, "plate_invalid")
    other.delete(f"/members/me/plates/{PLATE}")
    assert (device.get("/members/me/plates").json or {})["items"][0]["plate"] == PLATE


def test_nobody_goes_through_other_peoples_plates(client: FlaskClient, ground: Ground, clock: StillClock) -> None:
    prowler = sign_in(client, make_driver(ground, plate=None))

    def look_for(number: int) -> int:
        plate = f"沪A{number:05d}"
        status = prowler.post("/members/me/plates", {"plate": plate}).status_code
        prowler.delete(f"/members/me/plates/{plate}")
        return status

    assert [look_for(number) for number in range(11)] == [200] * 10 + [429]
    clock.advance(days=1)
    assert look_for(11) == 200


def test_nobody_finds_out_whose_plates_are_members(client: FlaskClient, ground: Ground, clock: StillClock) -> None:
    prowler = sign_in(client, make_driver(ground, plate=None))
    make_driver(ground)
    typed = [prowler.post("/members/me/plates", {"plate": "ABC"}).status_code for _ in range(12)]
    asked = [prowler.post("/members/me/plates", {"plate": PLATE}).status_code for _ in range(11)]
    assert (typed, asked) == ([422] * 12, [409] * 10 + [429])


def test_a_bound_plate_is_told_again_without_a_try(client: FlaskClient, ground: Ground, clock: StillClock) -> None:
    device = sign_in(client, make_driver(ground, plate=None))
    answers = [device.post("/members/me/plates", {"plate": PLATE}, key="plate-once").status_code for _ in range(12)]
    assert answers == [200] * 12


def test_a_visitor_joins_first(client: FlaskClient, ground: Ground) -> None:
    device = sign_in(client, make_visitor(ground.mall))
    assert error_of(device.post("/members/me/plates", {"plate": PLATE})) == (403, "member_required")
    assert device.get("/members/me/parking").json == {"sessions": []}


def test_the_list_costs_few_statements(device: Device, ground: Ground, count_statements: Any) -> None:
    with count_statements() as seen:
        device.get("/members/me/parking")
    assert len(seen) <= 4
