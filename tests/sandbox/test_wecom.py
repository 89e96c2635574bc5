"""WeCom: contact ways, the encrypted event with its welcome code, tags."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from wechatpy.work import parse_message
from wechatpy.work.crypto import WeChatCrypto

from sandbox.kit import qr
from sandbox.kit.envelope import Envelope
from sandbox.kit.world import World
from tests.sandbox.conftest import AES_KEY
from tests.sandbox.product import Product, Received

Call = Callable[..., dict[str, Any]]
WAY = {"type": 1, "scene": 2, "user": ["mall-service"], "state": "E7kQ2mXa", "remark": "电梯口"}
API = "/cgi-bin/externalcontact/"


def _way(call: Call) -> dict[str, Any]:
    return call("wecom", API + "add_contact_way", WAY)


def _event(request: Received) -> Any:
    given = request.query
    crypto = WeChatCrypto("sandboxtoken", AES_KEY, "wwsandbox0001")
    return parse_message(
        crypto.decrypt_message(request.body, given["msg_signature"], given["timestamp"], given["nonce"])
    )


def _add(client: FlaskClient, config_id: str, person: str = "p-lin") -> dict[str, Any]:
    return dict(client.post(f"/phone/api/people/{person}/wecom/add", json={"config_id": config_id}).get_json())


def test_a_contact_way_has_a_code_that_can_be_scanned(client: FlaskClient, call: Call) -> None:
    way = _way(call)
    picture = client.get(way["qr_code"].removeprefix("http://localhost"))
    content = qr.read(picture.get_data())
    assert content.endswith(f"/wecom/contact/{way['config_id']}")
    scanned = client.post("/phone/api/scan", json={"content": content}).get_json()
    assert (scanned["kind"], scanned["config_id"], scanned["valid"]) == ("contact_way", way["config_id"], True)


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"type": None}, 41037),
        ({"scene": None}, 41038),
        ({"type": 3}, 41039),
        ({"scene": 9}, 41040),
        ({"user": ["mall-service", "mall-service"]}, 41041),
        ({"user": ["stranger"]}, 40003),
        ({"user": []}, 40058),
        ({"state": "x" * 31}, 40058),
    ],
)
def test_a_contact_way_that_breaks_the_rules(call: Call, changes: dict[str, Any], errcode: int) -> None:
    assert call("wecom", API + "add_contact_way", {**WAY, **changes})["errcode"] == errcode


def test_contact_ways_are_read_changed_and_deleted_by_config_id(call: Call, client: FlaskClient) -> None:
    config_id = _way(call)["config_id"]
    call("wecom", API + "update_contact_way", {"config_id": config_id, "state": "new-state"})
    way = call("wecom", API + "get_contact_way", {"config_id": config_id})["contact_way"]
    assert (way["state"], way["user"]) == ("new-state", ["mall-service"])
    assert call("wecom", API + "del_contact_way", {"config_id": config_id})["errcode"] == 0
    assert call("wecom", API + "get_contact_way", {"config_id": config_id})["errcode"] == 41044
    assert client.post("/phone/api/people/p-lin/wecom/add", json={"config_id": config_id}).status_code == 404


def test_the_published_vectors_are_met() -> None:
    seal = Envelope("sandboxtoken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "ww1234567890abcdef")
    echo = "Q3stYC6hdFzMh9T8HCvyDH0IHJENRtL8kKsqSYgg4gClawqfEI4bjkd/sThBdy5abkkNPf3wQSpydibwulBNcw=="
    assert seal.sign("1735700001", "263014780", echo) == "509295d3d1ba142dbcaf6a7e6ed6feb83714396b"
    assert Envelope("AAAAA", "", "").sign("1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"


def test_adding_the_contact_sends_the_encrypted_event(
    client: FlaskClient, call: Call, world: World, product: Product
) -> None:
    added = _add(client, _way(call)["config_id"])
    world.postman.deliver_due()
    request = product.received[0]
    assert request.target.startswith("/open/v1/wecom/callback?")
    event = _event(request)
    assert event.change_type == "add_external_contact"
    assert (event.user_id, event.external_user_id) == ("mall-service", added["external_userid"])
    assert (event.state, event.welcome_code) == ("E7kQ2mXa", added["welcome_code"])


def test_a_person_has_one_unionid_everywhere(
    client: FlaskClient, call: Call, token: Callable[[str], str], world: World
) -> None:
    added = _add(client, _way(call)["config_id"])
    path = f"{API}get?access_token={token('wecom')}&external_userid={added['external_userid']}"
    detail = client.get(path).get_json()
    assert detail["external_contact"]["unionid"] == client.get("/phone/api/people/p-lin").get_json()["unionid"]
    assert detail["follow_user"][0]["state"] == "E7kQ2mXa"


def test_a_stranger_is_no_external_contact(client: FlaskClient, call: Call, token: Callable[[str], str]) -> None:
    stranger = client.get("/phone/api/people/p-lin").get_json()["external_userid"]
    path = f"{API}get?access_token={token('wecom')}&external_userid="
    assert client.get(path + stranger).get_json()["errcode"] == 84061
    assert client.get(path + "wm-unknown").get_json()["errcode"] == 40096
    assert client.get(path).get_json()["errcode"] == 41035


def test_the_welcome_message_is_taken_once(client: FlaskClient, call: Call) -> None:
    added = _add(client, _way(call)["config_id"])
    link = {"msgtype": "link", "link": {"title": "加入会员", "url": "http://127.0.0.1/h5/"}}
    body = {"welcome_code": added["welcome_code"], "text": {"content": "您好"}, "attachments": [link]}
    assert call("wecom", API + "send_welcome_msg", body)["errcode"] == 0
    assert call("wecom", API + "send_welcome_msg", body)["errcode"] == 41051
    shown = client.get("/phone/api/people/p-lin/messages?channel=wecom").get_json()["items"]
    assert [(m["text"], m["attachments"][0]["link"]["title"]) for m in shown] == [("您好", "加入会员")]


def test_the_welcome_code_lives_twenty_seconds(client: FlaskClient, call: Call, world: World) -> None:
    added = _add(client, _way(call)["config_id"])
    body = {"welcome_code": added["welcome_code"], "text": {"content": "您好"}}
    world.clock.offset_s += 21
    assert call("wecom", API + "send_welcome_msg", body)["errcode"] == 41050
    assert call("wecom", API + "send_welcome_msg", {**body, "welcome_code": "unknown"})["errcode"] == 41050
    assert call("wecom", API + "send_welcome_msg", {"text": {"content": "您好"}})["errcode"] == 41049


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"text": {}}, 40063),
        ({"text": {"content": "长" * 1334}}, 40058),
        ({"attachments": [{"msgtype": "link", "link": {}}] * 10}, 41064),
        ({"attachments": [{"msgtype": "song", "song": {}}]}, 41065),
        ({"attachments": [{"msgtype": "link"}]}, 41065),
    ],
)
def test_a_welcome_message_that_breaks_the_rules_keeps_the_code(
    client: FlaskClient, call: Call, changes: dict[str, Any], errcode: int
) -> None:
    body = {"welcome_code": _add(client, _way(call)["config_id"])["welcome_code"], "text": {"content": "您好"}}
    assert call("wecom", API + "send_welcome_msg", {**body, **changes})["errcode"] == errcode
    assert call("wecom", API + "send_welcome_msg", body)["errcode"] == 0


def test_a_customer_scanning_again_raises_no_event(client: FlaskClient, call: Call, world: World) -> None:
    config_id = _way(call)["config_id"]
    _add(client, config_id)
    again = _add(client, config_id)
    assert again["already"] is True and "welcome_code" not in again
    assert world.postman.deliver_due() == 1


def test_deleting_and_adding_again_raises_both_events(
    client: FlaskClient, call: Call, world: World, product: Product
) -> None:
    config_id = _way(call)["config_id"]
    first = _add(client, config_id)
    client.post("/phone/api/people/p-lin/wecom/remove", json={"userid": "mall-service"})
    second = _add(client, config_id)
    assert second["external_userid"] == first["external_userid"]
    assert second["welcome_code"] != first["welcome_code"]
    world.postman.deliver_due()
    kinds = [_event(request).change_type for request in product.received]
    assert kinds == ["add_external_contact", "del_follow_user", "add_external_contact"]


def test_tags_are_made_listed_marked_and_deleted(
    client: FlaskClient, call: Call, token: Callable[[str], str], world: World
) -> None:
    added = _add(client, _way(call)["config_id"])
    group = call("wecom", API + "add_corp_tag", {"group_name": "阶段", "tag": [{"name": "新客"}, {"name": "常客"}]})
    tags = {tag["name"]: tag["id"] for tag in group["tag_group"]["tag"]}
    relation = {"userid": "mall-service", "external_userid": added["external_userid"]}
    assert call("wecom", API + "mark_tag", {**relation, "add_tag": [tags["新客"]]})["errcode"] == 0
    path = f"{API}get?access_token={token('wecom')}&external_userid={added['external_userid']}"
    assert [t["tag_name"] for t in client.get(path).get_json()["follow_user"][0]["tags"]] == ["新客"]
    call("wecom", API + "mark_tag", {**relation, "remove_tag": [tags["新客"]]})
    assert client.get(path).get_json()["follow_user"][0]["tags"] == []
    call("wecom", API + "del_corp_tag", {"tag_id": [tags["常客"]]})
    listed = call("wecom", API + "get_corp_tag_list", {})["tag_group"]
    assert [(g["group_name"], [t["name"] for t in g["tag"]]) for g in listed] == [("阶段", ["新客"])]
    # Only the event of the contact itself: what the API does raises no callback.
    assert world.postman.deliver_due() == 1


def test_tags_on_strangers_and_unknown_tags(client: FlaskClient, call: Call) -> None:
    stranger = {"userid": "mall-service", "external_userid": "wm-x", "add_tag": ["et-x"]}
    assert call("wecom", API + "mark_tag", stranger)["errcode"] == 84061
    added = _add(client, _way(call)["config_id"])
    known = {"userid": "mall-service", "external_userid": added["external_userid"]}
    assert call("wecom", API + "mark_tag", {**known, "add_tag": ["et-x"]})["errcode"] == 40068
    assert call("wecom", API + "mark_tag", known)["errcode"] == 40063
    tag = {"group_name": "阶段", "tag": [{"name": "新客"}]}
    call("wecom", API + "add_corp_tag", tag)
    assert call("wecom", API + "add_corp_tag", tag)["errcode"] == 40071


def test_saving_the_callback_address_checks_the_echo(client: FlaskClient, product: Product) -> None:
    assert client.post("/callbacks/check-wecom").get_json() == {"ok": False, "reason": "HTTP 200"}
    given = product.received[0].query
    crypto = WeChatCrypto("sandboxtoken", AES_KEY, "wwsandbox0001")
    message = crypto.check_signature(given["msg_signature"], given["timestamp"], given["nonce"], given["echostr"])
    assert str(message).isdigit()
