"""Gate, till and SMS provider: signed requests in both directions."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.kit import signing
from sandbox.kit.world import World
from tests.sandbox.product import Product


def _signed(world: World, client_id: str, secret: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    data = json.dumps(body, ensure_ascii=False).encode()
    return {"data": data, "headers": signing.headers(world.clock, client_id, secret, path, data)}


def _is_signed(request: Any, secret: str) -> bool:
    given = {k.title(): v for k, v in request.headers.items()}
    wanted = signing.signature(secret, "POST", request.target, given["X-Timestamp"], given["X-Nonce"], request.body)
    return wanted == given["X-Signature"]


SMS = {"message_id": "m-1", "phone": "13800000001", "template": "sign_in_code", "params": {"code": "123456"}}


def _sms(client: FlaskClient, world: World, **changes: Any) -> Any:
    path = "/sms/v1/messages"
    return client.post(path, **_signed(world, "sms-account", "sms-key", path, {**SMS, **changes}))


def test_a_text_message_reaches_the_person_once(client: FlaskClient, world: World) -> None:
    first = _sms(client, world).get_json()
    assert first["ok"] is True
    assert _sms(client, world).get_json() == first
    shown = client.get("/phone/api/people/p-lin/messages?channel=sms").get_json()["items"]
    assert len(shown) == 1 and "123456" in shown[0]["text"]
    assert shown[0]["params"] == {"code": "123456"}


def test_a_text_message_to_a_strangers_number_waits_for_its_owner(client: FlaskClient, world: World) -> None:
    assert _sms(client, world, phone="13911112222").get_json()["ok"] is True
    assert len(client.get("/phone/api/sms?phone=13911112222").get_json()["items"]) == 1
    assert "<td>13911112222</td>" in client.get("/sms").text
    new = client.post("/phone/api/people", json={"name": "周舟", "phone": "13911112222"}).get_json()
    assert len(client.get(f"/phone/api/people/{new['id']}/messages").get_json()["items"]) == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"phone": "12345"}, "phone_invalid"),
        ({"template": "unknown"}, "template_unknown"),
        ({"params": {}}, "params_missing"),
        ({"params": None}, "bad_request"),
        ({"message_id": ""}, "bad_request"),
    ],
)
def test_a_bad_text_message_is_refused(client: FlaskClient, world: World, changes: dict[str, Any], error: str) -> None:
    assert _sms(client, world, **changes).get_json() == {"ok": False, "error": error}


def test_bad_signatures_old_times_and_replays_are_refused(client: FlaskClient, world: World) -> None:
    path = "/sms/v1/messages"
    wrong = client.post(path, **_signed(world, "sms-account", "other-key", path, SMS))
    assert (wrong.status_code, wrong.get_json()["error"]) == (401, "bad_signature")
    foreign = client.post(path, **_signed(world, "other", "sms-key", path, SMS))
    assert (foreign.status_code, foreign.get_json()["error"]) == (401, "unknown_account")
    good = _signed(world, "sms-account", "sms-key", path, SMS)
    changed = {**good, "data": good["data"].replace(b"123456", b"654321")}
    assert client.post(path, **changed).status_code == 401
    assert client.post(path, **good).status_code == 200
    again = client.post(path, **good)
    assert (again.status_code, again.get_json()["error"]) == (409, "replayed_request")
    old = _signed(world, "sms-account", "sms-key", path, SMS)
    old["headers"]["X-Timestamp"] = str(int(world.clock.now()) - 1000)
    assert client.post(path, **old).status_code == 401


def _drive(client: FlaskClient, direction: str, **more: Any) -> dict[str, Any]:
    body = {"plate": "沪a12345", "direction": direction, **more}
    return dict(client.post("/phone/api/people/p-lin/drive", json=body).get_json())


OPEN = (200, {"session_id": "s-1", "action": "open", "due_fen": 0})
HOLD = (200, {"session_id": "s-1", "action": "hold", "due_fen": 1500})


def test_a_car_goes_in_by_a_signed_event(client: FlaskClient, product: Product) -> None:
    product.answers.append(OPEN)
    car = _drive(client, "in")
    assert (car["place"], car["barrier"], car["car_park"]) == ("inside", "open", "地下停车场")
    request = product.received[0]
    assert request.target == "/open/v1/parking/events"
    assert _is_signed(request, "gate-secret")
    event = json.loads(request.body)
    assert (event["plate"], event["direction"], event["car_park_code"]) == ("沪A12345", "in", "P1")


def _paid(client: FlaskClient, world: World, secret: str = "gate-secret", **changes: Any) -> Any:
    body = {
        "message_id": "g-1",
        "session_id": "s-1",
        "car_park_code": "P1",
        "plate": "沪A12345",
        "paid_fen": 1500,
        "waived_fen": 0,
        "exit_by": "2026-11-22T10:15:00+08:00",
        **changes,
    }
    return client.post("/gate/v1/paid", **_signed(world, "P1", secret, "/gate/v1/paid", body))


def test_a_car_that_must_pay_is_held_and_let_out_once_paid(client: FlaskClient, world: World, product: Product) -> None:
    product.answers.extend([OPEN, HOLD, OPEN])
    _drive(client, "in")
    held = _drive(client, "out")
    assert (held["place"], held["barrier"], held["due_fen"]) == ("at_exit", "closed", 1500)
    assert _paid(client, world).get_json() == {"ok": True}
    assert _paid(client, world).get_json() == {"ok": True}
    assert world.postman.deliver_due() == 1
    events = [json.loads(r.body) for r in product.received]
    assert [e["direction"] for e in events] == ["in", "out", "out"]
    assert events[1]["event_id"] != events[2]["event_id"]
    car = client.get("/phone/api/people/p-lin/cars").get_json()["items"][0]
    assert (car["place"], car["barrier"]) == ("outside", "open")


def test_a_car_that_paid_inside_sees_until_when_it_may_leave(
    client: FlaskClient, world: World, product: Product
) -> None:
    product.answers.append(OPEN)
    _drive(client, "in")
    _paid(client, world)
    assert world.postman.deliver_due() == 0
    assert "10:15" in client.get("/phone/api/cars").get_json()["items"][0]["note"]


def test_a_paid_message_needs_the_car_parks_signature(client: FlaskClient, world: World) -> None:
    assert _paid(client, world, secret="wrong").status_code == 401
    body = {"message_id": "g-2", "car_park_code": "P9", "plate": "沪A12345"}
    other = client.post("/gate/v1/paid", **_signed(world, "P1", "gate-secret", "/gate/v1/paid", body))
    assert other.status_code == 401


@pytest.mark.parametrize("answer", [(500, "broken"), (200, "no json"), (200, {"action": "dance"}), (409, {})])
def test_without_a_clear_answer_the_barrier_stays_down(
    client: FlaskClient, product: Product, answer: tuple[int, Any]
) -> None:
    product.answers.append(answer)
    car = _drive(client, "in")
    assert (car["place"], car["barrier"]) == ("at_entry", "closed")
    product.answers.append(OPEN)
    assert _drive(client, "in", event_id=car["event_id"])["place"] == "inside"
    assert len({json.loads(r.body)["event_id"] for r in product.received}) == 1


def test_bad_drives_are_refused(client: FlaskClient) -> None:
    def status(**body: Any) -> int:
        return client.post("/phone/api/people/p-lin/drive", json=body).status_code

    assert status(plate="", direction="in") == 422
    assert status(plate="沪A12345", direction="up") == 422
    assert status(plate="沪A12345", direction="in", car_park_code="P 7") == 422
    assert client.post("/phone/api/people/nobody/drive", json={}).status_code == 404


def test_the_till_posts_a_signed_receipt(client: FlaskClient, product: Product) -> None:
    product.answers.append((201, {"purchase_id": "9", "points": 128}))
    body = {"store_code": "A101", "amount_fen": 12800, "member_code": "M8F3-20KD", "receipt_no": "R-1"}
    answer = client.post("/till/api/receipts", json=body).get_json()
    assert (answer["status"], answer["answer"]["points"]) == (201, 128)
    request = product.received[0]
    assert request.target == "/open/v1/receipts" and _is_signed(request, "pos-secret")
    sent = json.loads(request.body)
    assert (sent["receipt_no"], sent["amount_fen"], sent["member_code"]) == ("R-1", 12800, "M8F3-20KD")
    assert sent["refund_of"] is None


def test_the_till_offers_the_stores_it_was_told_of(client: FlaskClient) -> None:
    assert '<option value="A101">沸腾火锅（A101）</option>' in client.get("/till").text


def test_the_till_refuses_nonsense_itself(client: FlaskClient, product: Product) -> None:
    assert client.post("/till/api/receipts", json={"store_code": "A101"}).status_code == 422
    assert client.post("/till/api/receipts", json={"amount_fen": 5}).status_code == 422
    assert client.post("/till/api/receipts", data="x").status_code == 400
    assert product.received == []
