"""The mini-program's server side: login, phone number, codes, subscribe messages."""

import re
from typing import Any

from flask import Response, request

from sandbox.kit import ids, qr
from sandbox.kit.errors import Refusal
from sandbox.kit.wire import json_body, json_response, plain_response, platform_blueprint
from sandbox.kit.world import World, world
from sandbox.people import inbox, onetime, people
from sandbox.wechat import push, subscribe, templates_registry, tokens

blueprint = platform_blueprint("mini", __name__)

_SCENE = re.compile(r"[0-9a-zA-Z!#$&'()*+,/:;=?@\-._~]+")


@blueprint.get("/sns/jscode2session")
def code_to_session() -> Response:
    """Redeem a login code: session key, openid, unionid."""
    here = world()
    if tokens.app_of(request.args.get("appid", ""), request.args.get("secret", "")) != "mini":
        raise Refusal(40013, "invalid appid")
    person = _redeem(here, onetime.Kind.LOGIN, request.args.get("js_code", ""), used=40163)
    key = ids.token(22) + "=="
    return plain_response({"session_key": key, "openid": person["mini_openid"], "unionid": person["unionid"]})


def _redeem(here: World, kind: onetime.Kind, code: str, *, used: int) -> Any:
    try:
        person_id, _ = onetime.redeem(here.store, here.clock, kind, code)
    except onetime.CodeUsed:
        raise Refusal(used, "code been used" if used == 40163 else "invalid code") from None
    except onetime.CodeUnknown:
        raise Refusal(40029, "invalid code") from None
    return people.get(here.store, person_id)


@blueprint.post("/wxa/business/getuserphonenumber")
def phone_number() -> Response:
    """Redeem the phone button's code."""
    tokens.require("mini")
    here, body = world(), json_body()
    with here.store.transaction():
        person = _redeem(here, onetime.Kind.PHONE, str(body.get("code", "")), used=40029)
        if body.get("openid") and body["openid"] != person["mini_openid"]:
            raise Refusal(40003, "invalid openid")
    info = {
        "phoneNumber": person["phone"],
        "purePhoneNumber": person["phone"],
        "countryCode": "86",
        "watermark": {"timestamp": int(here.clock.now()), "appid": here.settings.mini_appid},
    }
    return json_response({"errcode": 0, "errmsg": "ok", "phone_info": info})


@blueprint.post("/wxa/getwxacodeunlimit")
def unlimited_code() -> Response:
    """Draw the code of a page with a scene; its content is `page?scene=…`, so the sandbox phone can open it."""
    tokens.require("mini")
    here, body = world(), json_body()
    scene, page, width = body.get("scene"), body.get("page") or here.settings.mini_pages[0], body.get("width", 430)
    _check_scene(scene)
    if not isinstance(page, str) or page.startswith("/") or "?" in page:
        raise Refusal(41030, "invalid page")
    if body.get("check_path", True) and page not in here.settings.mini_pages:
        raise Refusal(41030, "invalid page")
    if body.get("env_version", "release") not in ("release", "trial", "develop"):
        raise Refusal(40097, "invalid args")
    if not isinstance(width, int) or not 280 <= width <= 1280:
        raise Refusal(40097, "invalid args, width should be 280 to 1280")
    sql = "INSERT INTO wxacodes (page, scene, made_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET made_at = made_at"
    here.store.write(sql, page, scene, here.clock.now())
    clear = body.get("is_hyaline") is True
    image = qr.picture(f"{page}?scene={scene}", width, clear=clear)
    return Response(image, content_type="image/png" if clear else "image/jpeg")


def _check_scene(scene: Any) -> None:
    if not isinstance(scene, str) or not 1 <= len(scene) <= 32:
        raise Refusal(40169, "invalid length for scene, or the data is not json string")
    if not _SCENE.fullmatch(scene):
        raise Refusal(40129, "invalid scene")


@blueprint.post("/cgi-bin/message/subscribe/send")
def send_subscribe_message() -> Response:
    """Send one subscribe message for one consent."""
    tokens.require("mini")
    here, body = world(), json_body()
    person = people.find(here.store, "mini_openid", str(body.get("touser", "")))
    if person is None:
        raise Refusal(40003, "invalid openid")
    template = templates_registry.find(here.store, "mini", body.get("template_id", ""))
    if template is None:
        raise Refusal(40037, "invalid template_id")
    page = body.get("page") or ""
    if page and str(page).partition("?")[0].lstrip("/") not in here.settings.mini_pages:
        raise Refusal(41030, "invalid page")
    _check_send_options(body)
    lines = templates_registry.filled(template, body.get("data"))
    message_id = ids.digits(18, "3")
    with here.store.transaction():
        if not subscribe.consume(here, person["mini_openid"], template["id"]):
            raise Refusal(43101, "user refuse to accept the msg")
        content = {"title": template["title"], "lines": lines, "page": page, "template_id": template["id"]}
        inbox.put(here.store, here.clock, "subscribe", "服务通知", content, person_id=person["id"])
    _tell_sent(here, person["mini_openid"], template["id"], message_id)
    return json_response({"errcode": 0, "errmsg": "ok", "msgid": int(message_id)})


def _check_send_options(body: dict[str, Any]) -> None:
    if body.get("miniprogram_state", "formal") not in ("developer", "trial", "formal"):
        raise Refusal(47003, "argument invalid! miniprogram_state invalid")
    if body.get("lang", "zh_CN") not in ("zh_CN", "en_US", "zh_HK", "zh_TW"):
        raise Refusal(47003, "argument invalid! lang invalid")


def _tell_sent(here: World, openid: str, template_id: str, message_id: str) -> None:
    item = {"TemplateId": template_id, "MsgID": message_id, "ErrorCode": 0, "ErrorStatus": "success"}
    push.post_event(here, openid, "subscribe_msg_sent_event", {"SubscribeMsgSentEvent": [item]})
