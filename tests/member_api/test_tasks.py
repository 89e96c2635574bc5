"""Exactly three newbie tasks, paid at once, each once."""

import pytest

from tests.member_api.conftest import OpenMall, Phone


@pytest.fixture
def member(phone: Phone) -> Phone:
    phone.sign_in()
    phone.join()
    return phone


def _claim(member: Phone, open_mall: OpenMall) -> dict[str, object]:
    path = "/members/me/tasks/first_order_coupon/complete"
    return member.post(path, campaign=open_mall.first_order.public_id).json  # type: ignore[no-any-return]


@pytest.mark.requirement("S0.19", "S0.22")
def test_there_are_three_with_what_they_need(member: Phone, open_mall: OpenMall) -> None:
    tasks = member.get("/members/me/tasks").json
    assert (tasks["done"], tasks["total"]) == (0, 3)
    by_code = {item["code"]: item for item in tasks["items"]}
    assert list(by_code) == ["preferences", "first_order_coupon", "subscribe"]
    assert by_code["first_order_coupon"]["options"][0]["campaign"] == open_mall.first_order.public_id
    templates = [option["template"] for option in by_code["subscribe"]["options"]]
    assert templates == ["activity", "benefit", "member_day"]


@pytest.mark.requirement("S0.19", "S0.20", "S0.21", "S0.53")
def test_all_three_pay_at_once(member: Phone, open_mall: OpenMall) -> None:
    told = member.post("/members/me/tasks/preferences/complete", categories=["kids", "dining"]).json
    assert (told["points_awarded"], told["points"]) == (50, 50)
    claimed = _claim(member, open_mall)
    assert (claimed["points"], len(claimed["granted"])) == (100, 1)  # type: ignore[arg-type]
    allowed = member.post(
        "/members/me/tasks/subscribe/complete", results={"benefit": "accept", "activity": "reject"}
    ).json
    assert allowed["points"] == 200
    card = member.get("/members/me").json
    assert (card["tasks_done"], card["points"]) == (3, 200)


@pytest.mark.requirement("S0.19")
def test_done_again_pays_nothing_more(member: Phone, open_mall: OpenMall) -> None:
    _claim(member, open_mall)
    again = _claim(member, open_mall)
    assert (again["points_awarded"], again["granted"]) == (0, [])
    assert len(member.get("/members/me/coupons").json["items"]) == 3


@pytest.mark.requirement("S0.22")
def test_nothing_allowed_is_not_done(member: Phone) -> None:
    refused = member.post("/members/me/tasks/subscribe/complete", results={"benefit": "reject"})
    assert (refused.status_code, refused.json["error"]["code"]) == (422, "task_input_invalid")


def test_visitors_join_first(phone: Phone) -> None:
    phone.sign_in()
    refused = phone.post("/members/me/tasks/preferences/complete", categories=["kids"])
    assert (refused.status_code, refused.json["error"]["code"]) == (403, "member_required")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("preferences", {"categories": []}),
        ("preferences", {"categories": ["unknown"]}),
        ("preferences", {"categories": "kids"}),
        ("preferences", {"categories": ["kids"], "more": 1}),
        ("first_order_coupon", {"campaign": "x"}),
        ("subscribe", {"results": {"benefit": "maybe"}}),
        ("subscribe", {"results": {}}),
    ],
)
def test_bad_input_is_named(member: Phone, path: str, body: dict[str, object]) -> None:
    refused = member.post(f"/members/me/tasks/{path}/complete", **body)
    assert (refused.status_code, refused.json["error"]["code"]) == (422, "validation_failed")
    assert refused.json["error"]["fields"]


def test_commands_need_a_key(member: Phone) -> None:
    answer = member.client.post(
        "/api/v1/members/me/tasks/preferences/complete", json={"categories": ["kids"]}, headers=member.headers()
    )
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "idempotency_key_missing")


@pytest.mark.requirement("S3.6")
def test_points_are_listed_with_their_running_balance(member: Phone, open_mall: OpenMall) -> None:
    member.post("/members/me/tasks/preferences/complete", categories=["kids"])
    _claim(member, open_mall)
    first = member.get("/members/me/points?limit=1").json
    second = member.get(f"/members/me/points?limit=1&cursor={first['next_cursor']}").json
    assert [(page["items"][0]["points"], page["items"][0]["balance"]) for page in (first, second)] == [
        (50, 100),
        (50, 50),
    ]
    assert second["next_cursor"] is None
    assert first["expiring"]["points"] == 100


def test_a_strangers_coupon_is_not_found(member: Phone) -> None:
    mine = member.get("/members/me/coupons").json["items"][0]
    assert member.get(f"/members/me/coupons/{mine['id']}").json["code"] == mine["code"]
    member.person = member.platforms.person(2)
    member.sign_in()
    assert member.get(f"/members/me/coupons/{mine['id']}").status_code == 404
    assert member.get("/members/me/coupons/99999999999999999999999").status_code == 404
    assert member.get("/members/me/coupons/abc").status_code == 404
