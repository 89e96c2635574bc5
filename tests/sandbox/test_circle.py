"""The business circle: what the desk does, what the mall is told and when, and what the mall's calls are answered."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from wechatpayv3 import WeChatPay
from wechatpayv3.type import RequestType

from sandbox.circle.notices import PATH
from tests.sandbox.product import Product
from tests.support.patience import PATIENCE_S

APPID, BRAND = "wxsandboxmini0001", 1001
AT = "2026-11-30T10:00:00+08:00"
Desk = Callable[..., dict[str, Any]]


@pytest.fixture
def desk(live: str) -> Desk:
    """`desk("payments", amount_fen=1)` presses a button of the desk; what it shows then."""

    def press(path: str, **body: Any) -> dict[str, Any]:
        answer = requests.post(f"{live}/circle/api/{path}", json=body, timeout=PATIENCE_S)
        answer.raise_for_status()
        return dict(answer.json())

    return press


@pytest.fixture
def openid(desk: Desk) -> str:
    """Of somebody who authorised the circle; the notice of it has come."""
    return str(desk("people/p-lin/authorise")["openid"])


def ask(merchant: WeChatPay, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    method = RequestType.GET if body is None else RequestType.POST
    code, text = merchant._core.request(f"/v3/businesscircle/{path}", method=method, data=body)
    said = json.loads(text) if text else {}
    return code, said if code < 300 else said["code"]


def points(number: str, openid: str, earned: int = 12, **other: Any) -> dict[str, Any]:
    said = {
        "transaction_id": number,
        "appid": APPID,
        "openid": openid,
        "points_update_time": "2026-11-30T10:00:00+08:00",
    }
    return said | {"earn_points": earned > 0, "increased_points": earned} | other


def told(merchant: WeChatPay, product: Product, count: int) -> list[tuple[str, dict[str, Any]]]:
    notices = [merchant.callback(one.headers, one.body) for one in product.wait_for(count) if one.target == PATH]
    return [(notice["event_type"], notice["resource"]) for notice in notices]


def test_the_mall_hears_of_card_payment_and_of_a_refund_once_it_has_said_the_points(
    merchant: WeChatPay, desk: Desk, product: Product, openid: str
) -> None:
    paid = desk("payments", person_id="p-lin", shop_number="A101", amount_fen=1_280)
    number = paid["transaction_id"]
    assert desk(f"payments/{number}/refunds", amount_fen=280)["refunds"][0]["state"] == "waits"
    assert len(told(merchant, product, 2)) == 2
    assert ask(merchant, "points/notify", points(number, openid)) == (204, {})
    found = dict(told(merchant, product, 3))
    assert found["MALL_AUTH.ACTIVATE_CARD"]["auth_type"] == "REGISTERED_AND_AUTHORIZATION_MODE"
    said = found["MALL_TRANSACTION.SUCCESS"]
    assert (said["shop_number"], said["shop_name"], said["amount"]) == ("A101", "沸腾火锅", 1_280)
    back = found["MALL_REFUND.SUCCESS"]
    assert (back["transaction_id"], back["pay_amount"], back["refund_amount"]) == (number, 1_280, 280)


def test_notices_come_late_doubled_out_of_order_badly_signed_and_too_old(
    live: str, merchant: WeChatPay, desk: Desk, product: Product, openid: str
) -> None:
    late = desk("payments", person_id="p-lin", shop_number="A101", amount_fen=1_280, how="later")["transaction_id"]
    desk(f"payments/{late}/refunds", amount_fen=1_280, how="ahead")
    assert [event for event, _ in told(merchant, product, 2)][1] == "MALL_REFUND.SUCCESS"
    desk(f"payments/{late}/notices", how="twice")
    first, second = told(merchant, product, 4)[2:]
    assert first == second and first[1]["transaction_id"] == late
    desk(f"payments/{late}/notices", how="wrongly_signed")
    bad = product.wait_for(5)[4]
    assert merchant.callback(bad.headers, bad.body) is None
    desk(f"payments/{late}/notices", how="signed_long_ago")
    old = product.wait_for(6)[5]
    assert merchant.callback(old.headers, old.body)["resource"]["transaction_id"] == late
    notices = requests.get(f"{live}/circle/api", timeout=PATIENCE_S).json()["notices"]
    assert [(one["about"], one["told"]) for one in notices[:2]] == [(late, "signed_long_ago"), (late, "wrongly_signed")]
    assert int(product.received[3].headers["Wechatpay-Timestamp"]) - int(old.headers["Wechatpay-Timestamp"]) > 500


@pytest.mark.parametrize(
    ("how", "field", "wrong"), [("negative", "amount", -101), ("huge", "amount", 10**12), ("other_app", "appid", "")]
)
def test_a_lie_is_told_once_whatever_the_answer(
    merchant: WeChatPay, desk: Desk, product: Product, openid: str, how: str, field: str, wrong: Any
) -> None:
    told(merchant, product, 1)
    product.usual = (422, {"code": "FAIL"})
    paid = desk("payments", person_id="p-lin", shop_number="A101", amount_fen=100, how=how)
    assert paid["state"] == "kept"
    said = told(merchant, product, 2)[1][1]
    assert said[field] == wrong if wrong else said[field] != APPID


def test_only_what_the_platform_knows_gets_points(merchant: WeChatPay, desk: Desk, openid: str) -> None:
    number = desk("payments", person_id="p-lin", shop_number="A101", amount_fen=100)["transaction_id"]
    for wrong, code in (
        (points("4200000000", openid), 404),
        (points(number, "oSBmini-of-nobody"), 400),
        (points(number, openid, earned=0, earn_points=True), 400),
        (points(number, openid, points_update_time="2026-11-30 10:00:00"), 400),
        (points(number, openid, sub_mchid="1900000009"), 403),
    ):
        assert ask(merchant, "points/notify", wrong)[0] == code
    nothing = points(number, openid, earned=0, no_points_remarks="本店不参加积分")
    assert ask(merchant, "points/notify", nothing)[0] == 204


def test_the_authorisation_and_what_is_to_be_handed_in_are_told_to_who_asks(
    merchant: WeChatPay, desk: Desk, openid: str
) -> None:
    own, status = f"user-authorizations/{openid}?appid={APPID}", f"users/{openid}/points/commit_status"
    assert ask(merchant, own)[1]["authorize_state"] == "AUTHORIZED"
    asked = f"{status}?brandid={BRAND}&appid={APPID}"
    assert ask(merchant, asked) == (200, {"points_commit_status": "FINISHED"})
    desk("payments", person_id="p-lin", shop_number="A101", amount_fen=100, how="by_hand")
    assert ask(merchant, asked) == (200, {"points_commit_status": "PENDING"})
    assert desk("people/p-lin/submit")["to_submit"] is False
    assert ask(merchant, f"{status}?brandid=9&appid={APPID}") == (400, "PARAM_ERROR")
    desk("people/p-lin/withdraw")
    assert ask(merchant, own)[1]["authorize_state"] == "DEAUTHORIZED"
    assert ask(merchant, asked) == (403, "NO_AUTH")


def test_cars_of_who_authorised_are_taken(live: str, merchant: WeChatPay, desk: Desk, openid: str) -> None:
    car = {"brandid": BRAND, "appid": APPID, "openid": openid, "plate_number": "沪A12345", "state": "IN"}
    car["time"] = AT
    assert ask(merchant, "parkings", car) == (204, {})
    assert ask(merchant, "parkings", car | {"state": "PARKED"}) == (400, "PARAM_ERROR")
    desk("people/p-lin/withdraw")
    assert ask(merchant, "parkings", car) == (403, "NO_AUTH")
    shown = requests.get(f"{live}/circle/api", timeout=PATIENCE_S).json()
    assert [(one["plate"], one["state"]) for one in shown["parkings"]] == [("沪A12345", "IN")]
    assert "智慧商圈" in requests.get(f"{live}/circle", timeout=PATIENCE_S).text


def test_who_has_not_authorised_is_not_told_of(live: str) -> None:
    body = {"person_id": "p-chen", "shop_number": "A101", "amount_fen": 100}
    assert requests.post(f"{live}/circle/api/payments", json=body, timeout=PATIENCE_S).status_code == 409
