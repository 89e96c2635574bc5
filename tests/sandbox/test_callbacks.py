"""Callbacks: the secure push, retries, duplicates, order, restarts."""

import json
from typing import Any

from flask.testing import FlaskClient
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from sandbox.app import create_app, world_of
from sandbox.kit.settings import Settings, from_env
from sandbox.kit.world import World
from tests.sandbox.conftest import AES_KEY
from tests.sandbox.product import Product, Received


def _crypto() -> WeChatCrypto:
    return WeChatCrypto("pushtoken", AES_KEY, "wxsandboxmini0001")


def _event_text(request: Received, envelope: Any) -> str:
    given = request.query
    check_signature("pushtoken", given["signature"], given["timestamp"], given["nonce"])
    return str(_crypto().decrypt_message(envelope, given["msg_signature"], given["timestamp"], given["nonce"]))


def _accept(client: FlaskClient, *templates: str) -> None:
    client.post("/phone/api/people/p-lin/subscribe", json={"results": dict.fromkeys(templates, "accept")})


def _states(client: FlaskClient) -> list[tuple[str, int]]:
    items = client.get("/callbacks", headers={"Accept": "application/json"}).get_json()["items"]
    return [(one["state"], one["attempts"]) for one in items]


def test_the_dialogs_answer_is_pushed_encrypted(client: FlaskClient, world: World, product: Product) -> None:
    _accept(client, "tmpl-benefit", "tmpl-activity")
    world.postman.deliver_due()
    request = product.received[0]
    assert request.target.startswith("/open/v1/wechat/mini?") and request.query["encrypt_type"] == "aes"
    text = _event_text(request, request.body)
    assert "<Event><![CDATA[subscribe_msg_popup_event]]></Event>" in text
    assert text.count("<List><TemplateId>") == 2
    assert "<SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString>" in text


def test_the_push_can_speak_json(environment: dict[str, str], product: Product) -> None:
    app = create_app(from_env({**environment, "SANDBOX_PUSH_FORMAT": "json"}))
    _accept(app.test_client(), "tmpl-benefit")
    world_of(app).postman.deliver_due()
    request = product.received[0]
    event = json.loads(_event_text(request, json.loads(request.body)))
    assert event["Event"] == "subscribe_msg_popup_event"
    assert event["List"] == {"TemplateId": "tmpl-benefit", "SubscribeStatusString": "accept", "PopupScene": 0}
    world_of(app).store.close()


def test_a_callback_is_tried_three_times_then_given_up(client: FlaskClient, world: World, product: Product) -> None:
    product.usual = (500, "")
    _accept(client, "tmpl-benefit")
    assert world.postman.deliver_due() == 1
    assert world.postman.deliver_due() == 0
    for _ in range(3):
        world.clock.offset_s += 6
        world.postman.deliver_due()
    assert _states(client) == [("given_up", 3)]
    assert len(product.received) == 3


def test_an_unreachable_product_is_tried_again_and_then_takes_it(
    client: FlaskClient, world: World, product: Product
) -> None:
    product.answers.append((404, "not here"))
    _accept(client, "tmpl-benefit")
    world.postman.deliver_due()
    assert _states(client) == [("due", 1)]
    world.clock.offset_s += 6
    world.postman.deliver_due()
    assert _states(client) == [("taken", 2)]


def test_a_callback_is_sent_twice_on_demand(client: FlaskClient, world: World, product: Product) -> None:
    client.post("/faults", json={"kind": "duplicate", "platform": "mini", "times": 1})
    _accept(client, "tmpl-benefit")
    world.postman.deliver_due()
    assert [_event_text(r, r.body) for r in product.received][0] == _event_text(
        product.received[1], product.received[1].body
    )
    _accept(client, "tmpl-benefit")
    assert world.postman.deliver_due() == 1


def test_a_callback_can_be_overtaken_by_the_next(client: FlaskClient, world: World, product: Product) -> None:
    client.post("/faults", json={"kind": "out_of_order", "platform": "mini", "times": 1})
    _accept(client, "tmpl-benefit")
    assert world.postman.deliver_due() == 0
    _accept(client, "tmpl-activity")
    world.postman.deliver_due()
    world.postman.deliver_due()
    order = ["tmpl-benefit" in _event_text(r, r.body) for r in product.received]
    assert order == [False, True]


def test_a_callback_nobody_overtakes_goes_after_ten_seconds(client: FlaskClient, world: World) -> None:
    client.post("/faults", json={"kind": "out_of_order", "times": 1})
    _accept(client, "tmpl-benefit")
    world.clock.offset_s += 11
    assert world.postman.deliver_due() == 1


def test_a_callback_taken_once_can_be_sent_again_by_hand(client: FlaskClient, world: World, product: Product) -> None:
    _accept(client, "tmpl-benefit")
    world.postman.deliver_due()
    assert client.post("/callbacks/1/resend").status_code == 202
    assert world.postman.deliver_due() == 1
    assert len(product.received) == 2
    assert client.post("/callbacks/99/resend").status_code == 404


def test_everything_survives_a_restart(settings: Settings, product: Product) -> None:
    first = create_app(settings)
    client = first.test_client()
    made = client.post("/phone/api/people", json={"name": "周舟", "phone": "13911112222"}).get_json()
    _accept(client, "tmpl-benefit")
    client.post("/faults", json={"kind": "empty"})
    world_of(first).store.close()
    second = create_app(settings)
    client = second.test_client()
    assert client.get(f"/phone/api/people/{made['id']}").get_json() == made
    credits = {t["id"]: t["credits"] for t in client.get("/phone/api/people/p-lin/subscriptions").get_json()["items"]}
    assert credits["tmpl-benefit"] == 1
    assert [f["kind"] for f in client.get("/faults").get_json()["items"]] == ["empty"]
    assert world_of(second).postman.deliver_due() == 1
    world_of(second).store.close()


def test_a_callback_in_flight_when_the_process_died_goes_out_after_the_restart(
    live: str, world: World, product: Product
) -> None:
    """`live` runs the background thread; here its start finds a row that a former process had taken up."""
    world.postman.stop()
    client_rows = {"channel": "mini", "title": "x", "delays_json": "[]", "state": "going", "made_at": 1.0}
    payload = {"head": {"FromUserName": "o", "ToUserName": "gh"}, "fields": {"W": [{"TemplateId": "t"}]}}
    world.store.insert("deliveries", payload_json=json.dumps(payload), due_at=1.0, **client_rows)
    world.postman.start()
    assert len(product.wait_for(1)) == 1
