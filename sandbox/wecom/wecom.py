"""WeCom's API: contact ways, customers, welcome messages, tags."""

import json
import time
from typing import Any

from flask import Response, request

from sandbox.kit import ids
from sandbox.kit.errors import Refusal
from sandbox.kit.wire import json_body, json_response, platform_blueprint
from sandbox.kit.world import World, world
from sandbox.people import inbox, people
from sandbox.wechat import tokens
from sandbox.wecom import contacts

blueprint = platform_blueprint("wecom", __name__)

_OK = {"errcode": 0, "errmsg": "ok"}
_ATTACHMENTS = {"image", "link", "miniprogram", "video", "file"}
MOST_ATTACHMENTS = 9
MOST_TEXT_BYTES = 4000

blueprint.get("/cgi-bin/gettoken")(tokens.corp_token)


@blueprint.post("/cgi-bin/externalcontact/add_contact_way")
def add_contact_way() -> Response:
    """Make a contact way with its QR code."""
    tokens.require("wecom")
    here, body = world(), json_body()
    _check_way(here, body)
    config_id = ids.token(32)
    kept = {"body_json": json.dumps(body, ensure_ascii=False), "made_at": here.clock.now()}
    here.store.insert("contact_ways", config_id=config_id, **kept)
    answer = {**_OK, "config_id": config_id}
    return json_response(answer | ({"qr_code": _qr_url(config_id)} if body["scene"] == 2 else {}))


def _qr_url(config_id: str) -> str:
    return f"{request.host_url.rstrip('/')}/wecom/qr/{config_id}.png"


def _check_way(here: World, body: dict[str, Any]) -> None:
    kind, scene, users = body.get("type"), body.get("scene"), body.get("user") or []
    _check_choice(kind, 41037, 41039, "type")
    _check_choice(scene, 41038, 41040, "scene")
    if not isinstance(users, list) or not users:
        raise Refusal(40058, "invalid Request Parameter")
    if (kind == 1 and len(users) != 1) or len(users) > 100:
        raise Refusal(41041, "too many contact way users")
    if any(user not in here.settings.corp_users for user in users):
        raise Refusal(40003, "invalid UserID")
    if len(str(body.get("state") or "")) > 30 or len(str(body.get("remark") or "")) > 30:
        raise Refusal(40058, "invalid Request Parameter")


def _check_choice(value: Any, missing: int, invalid: int, name: str) -> None:
    if value is None:
        raise Refusal(missing, f"missing contact way {name}")
    if value not in (1, 2) or isinstance(value, bool):
        raise Refusal(invalid, f"invalid contact way {name}")


@blueprint.post("/cgi-bin/externalcontact/get_contact_way")
def get_contact_way() -> Response:
    """Read a contact way by its config_id."""
    tokens.require("wecom")
    config_id, way = _way(world(), json_body())
    view = {"config_id": config_id, "type": 1, "scene": 2, "skip_verify": True, "state": "", "remark": "", **way}
    return json_response({**_OK, "contact_way": view | {"qr_code": _qr_url(config_id)}})


def _way(here: World, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    config_id = str(body.get("config_id", ""))
    row = here.store.one("SELECT body_json FROM contact_ways WHERE config_id = ?", config_id)
    if row is None:
        raise Refusal(41044, "invalid config_id")
    return config_id, json.loads(row["body_json"])


@blueprint.post("/cgi-bin/externalcontact/update_contact_way")
def update_contact_way() -> Response:
    """Overwrite remark, state and users of a contact way."""
    tokens.require("wecom")
    here, body = world(), json_body()
    config_id, way = _way(here, body)
    new = {**way, **{k: v for k, v in body.items() if k != "config_id"}, "type": way["type"], "scene": way["scene"]}
    _check_way(here, new)
    text = json.dumps(new, ensure_ascii=False)
    here.store.write("UPDATE contact_ways SET body_json = ? WHERE config_id = ?", text, config_id)
    return json_response(_OK)


@blueprint.post("/cgi-bin/externalcontact/del_contact_way")
def del_contact_way() -> Response:
    """Delete a contact way; its QR code leads nowhere from now on."""
    tokens.require("wecom")
    config_id, _ = _way(world(), json_body())
    world().store.write("DELETE FROM contact_ways WHERE config_id = ?", config_id)
    return json_response(_OK)


@blueprint.get("/cgi-bin/externalcontact/get")
def get_contact() -> Response:
    """A customer's detail with unionid and everybody who follows them."""
    tokens.require("wecom")
    here, external_userid = world(), request.args.get("external_userid", "")
    if not external_userid:
        raise Refusal(41035, "missing external userid")
    person = people.find(here.store, "external_userid", external_userid)
    if person is None:
        raise Refusal(40096, "invalid external userid")
    sql = "SELECT * FROM follows WHERE external_userid = ? ORDER BY created_at"
    follows = here.store.all(sql, external_userid)
    if not follows:
        raise Refusal(84061, "not external contact")
    contact = {"external_userid": external_userid, "name": person["name"], "avatar": "", "type": 1, "gender": 0}
    contact["unionid"] = person["unionid"]
    users = [contacts.follow_view(here, follow) for follow in follows]
    return json_response({**_OK, "external_contact": contact, "follow_user": users})


@blueprint.get("/cgi-bin/externalcontact/list")
def list_contacts() -> Response:
    """The ids of a member of staff's customers."""
    tokens.require("wecom")
    userid = request.args.get("userid", "")
    if userid not in world().settings.corp_users:
        raise Refusal(40003, "invalid UserID")
    rows = world().store.all("SELECT external_userid FROM follows WHERE userid = ? ORDER BY created_at", userid)
    if not rows:
        raise Refusal(84061, "not external contact")
    return json_response({**_OK, "external_userid": [row["external_userid"] for row in rows]})


@blueprint.post("/cgi-bin/externalcontact/send_welcome_msg")
def send_welcome_msg() -> Response:
    """Greet a new customer: within 20 seconds of the event, once."""
    tokens.require("wecom")
    here, body = world(), json_body()
    code = str(body.get("welcome_code") or "")
    if not code:
        raise Refusal(41049, "missing welcome code")
    content = _welcome_content(body)
    row = _claim_welcome(here, code)
    try:
        if busy := here.faults.strike("welcome_busy", "wecom", request.path):
            time.sleep(int(busy.value) / 1000)
        person = people.find(here.store, "external_userid", row["external_userid"])
        owner = person["id"] if person else None
        inbox.put(here.store, here.clock, "wecom", f"{row['userid']} · 企业微信", content, person_id=owner)
    finally:
        here.store.write("UPDATE welcome_codes SET progress = 'used' WHERE code = ?", code)
    return json_response(_OK)


def _claim_welcome(here: World, code: str) -> Any:
    with here.store.transaction():
        row = here.store.one("SELECT * FROM welcome_codes WHERE code = ?", code)
        if row is None:
            raise Refusal(41050, "invalid welcome code")
        if row["progress"] == "used":
            raise Refusal(41051, "welcome msg has been distributed or chat has started")
        if row["progress"] == "sending":
            raise Refusal(41096, "welcome msg is being distributed")
        if row["expires_at"] <= here.clock.now():
            raise Refusal(41050, "invalid welcome code, expired")
        here.store.write("UPDATE welcome_codes SET progress = 'sending' WHERE code = ?", code)
    return row


def _welcome_content(body: dict[str, Any]) -> dict[str, Any]:
    text = (body.get("text") or {}).get("content", "") if isinstance(body.get("text") or {}, dict) else ""
    attachments = body.get("attachments") or []
    if not isinstance(attachments, list) or len(attachments) > MOST_ATTACHMENTS:
        raise Refusal(41064, "too many attachments")
    if not text and not attachments:
        raise Refusal(40063, "some parameters are empty")
    if len(text.encode()) > MOST_TEXT_BYTES:
        raise Refusal(40058, "invalid Request Parameter, text too long")
    for item in attachments:
        kind = item.get("msgtype") if isinstance(item, dict) else None
        if kind not in _ATTACHMENTS or not isinstance(item.get(kind), dict):
            raise Refusal(41065, "invalid attachment type")
        if len(str(item[kind].get("title", "")).encode()) > (64 if kind == "miniprogram" else 128):
            raise Refusal(40058, "invalid Request Parameter, title too long")
    return {"text": text, "attachments": attachments}
