"""The SMS provider: signed messages, each message id delivered once."""

import json
import re
import sqlite3
from typing import Any

from flask import Response, request

from sandbox.kit import ids, signing
from sandbox.kit.wire import json_response, platform_blueprint
from sandbox.kit.world import World, world
from sandbox.people import inbox, people

blueprint = platform_blueprint("sms", __name__)

SIGN = "【回头客】"
# Approved texts; a template the provider does not know is refused.
TEMPLATES = {
    "sign_in_code": "您的验证码是 {code}，5 分钟内有效，请勿告诉他人。",
    "password_reset_code": "您正在重设商户端密码，验证码 {code}，5 分钟内有效。如非本人操作，请忽略并告知店长。",
}
_PHONE = re.compile(r"(\+?86)?(1[3-9]\d{9})")


@blueprint.post("/sms/v1/messages")
def send() -> Response:
    """Take one message; the answer to a repeated message id is the first one's."""
    here = world()
    if request.headers.get("X-Client-Id", "") != here.settings.sms_account:
        return _refused("unknown_account", 401)
    reason = signing.refusal(here.store, here.clock, request, here.settings.sms_key)
    if reason is not None:
        return _refused(reason, 409 if reason == "replayed_request" else 401)
    body = request.get_json(force=True, silent=True)
    return _take(here, body) if isinstance(body, dict) else _refused("bad_request", 400)


def _refused(error: str, status: int = 200) -> Response:
    return json_response({"ok": False, "error": error}, status)


def _take(here: World, body: dict[str, Any]) -> Response:
    number = _PHONE.fullmatch(str(body.get("phone", "")))
    text = TEMPLATES.get(str(body.get("template", "")))
    message_id, params = str(body.get("message_id", "")), body.get("params")
    if not message_id or not isinstance(params, dict):
        return _refused("bad_request", 400)
    if number is None:
        return _refused("phone_invalid")
    if text is None:
        return _refused("template_unknown")
    try:
        content = SIGN + text.format(**params)
    except KeyError:
        return _refused("params_missing")
    phone, sid = number.group(2), ids.digits(16, "SM")
    try:
        with here.store.transaction():
            kept = {"phone": phone, "body_json": json.dumps(body, ensure_ascii=False), "at": here.clock.now()}
            here.store.insert("sms", message_id=message_id, sid=sid, **kept)
            person = people.find(here.store, "phone", phone)
            owner = person["id"] if person else None
            note = {"text": content, "params": params}
            inbox.put(here.store, here.clock, "sms", "短信", note, person_id=owner, phone=phone)
    except sqlite3.IntegrityError:
        row = here.store.one("SELECT sid FROM sms WHERE message_id = ?", message_id)
        sid = row["sid"] if row else sid
    return json_response({"ok": True, "sid": sid})
