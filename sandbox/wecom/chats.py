"""WeCom's customer groups: who is in one, what the corp is told of it, and what it is answered."""

from typing import Any

from flask import Response

from sandbox.kit import ids
from sandbox.kit.clock import rfc3339
from sandbox.kit.errors import ApiError, Refusal
from sandbox.kit.wire import json_body, json_response, platform_blueprint
from sandbox.kit.world import World, world
from sandbox.people import people
from sandbox.wechat import tokens

blueprint = platform_blueprint("wecom_chats", __name__, lambda: "wecom")

_BY_QR_CODE = 3
_LEFT_ON_THEIR_OWN = 0
_EMPLOYEE, _CUSTOMER = 1, 2
_ATTEMPTS = 3


def make(here: World, *, name: str, owner: str) -> dict[str, Any]:
    """A group with its owner alone; the corp hears `create`. Raises ApiError for an owner of another corp."""
    owner = owner or next(iter(here.settings.corp_users))
    if owner not in here.settings.corp_users:
        raise ApiError(422, "owner_unknown", "没有这位员工")
    chat_id = f"wr{ids.token(30)}"
    here.store.insert("chats", chat_id=chat_id, name=name or "客户群", owner=owner, version=1, made_at=here.clock.now())
    _tell(here, chat_id, "create", {})
    return {"chat_id": chat_id, "name": name or "客户群", "owner": owner}


def dismiss(here: World, chat_id: str) -> None:
    """Dissolve a group; the corp hears `dismiss`."""
    _get(here, chat_id)
    with here.store.transaction():
        here.store.write("DELETE FROM chat_people WHERE chat_id = ?", chat_id)
        here.store.write("UPDATE chats SET dismissed_at = ? WHERE chat_id = ?", here.clock.now(), chat_id)
    _tell(here, chat_id, "dismiss", {})


def join(here: World, person_id: str, chat_id: str) -> bool:
    """A person scans the group's code; False when they are in it already."""
    external = _external(here, person_id, chat_id)
    if here.store.one("SELECT 1 FROM chat_people WHERE chat_id = ? AND external_userid = ?", chat_id, external):
        return False
    here.store.insert("chat_people", chat_id=chat_id, external_userid=external, joined_at=here.clock.now())
    _change(here, chat_id, external, {"UpdateDetail": "add_member", "JoinScene": _BY_QR_CODE})
    return True


def leave(here: World, person_id: str, chat_id: str) -> bool:
    """A person leaves; False when they are not in it."""
    external = _external(here, person_id, chat_id)
    sql = "DELETE FROM chat_people WHERE chat_id = ? AND external_userid = ?"
    if here.store.write(sql, chat_id, external) != 1:
        return False
    _change(here, chat_id, external, {"UpdateDetail": "del_member", "QuitScene": _LEFT_ON_THEIR_OWN})
    return True


def list_of(here: World, person_id: str) -> list[dict[str, Any]]:
    """Every group, for the phone; `since` when the person is in it, null for one that they are not in."""
    person = people.get(here.store, person_id)
    sql = (
        "SELECT c.*, p.joined_at FROM chats c "
        "LEFT JOIN chat_people p ON p.chat_id = c.chat_id AND p.external_userid = ? "
        "WHERE c.dismissed_at IS NULL ORDER BY c.made_at"
    )
    rows = here.store.all(sql, person["external_userid"])
    return [
        {"chat_id": r["chat_id"], "name": r["name"], "since": rfc3339(r["joined_at"]) if r["joined_at"] else None}
        for r in rows
    ]


def _external(here: World, person_id: str, chat_id: str) -> str:
    _get(here, chat_id)
    return str(people.get(here.store, person_id)["external_userid"])


def _get(here: World, chat_id: str) -> Any:
    chat = here.store.one("SELECT * FROM chats WHERE chat_id = ? AND dismissed_at IS NULL", chat_id)
    if chat is None:
        raise ApiError(404, "chat_not_found", "没有这个群，或已解散")
    return chat


def _change(here: World, chat_id: str, external: str, detail: dict[str, Any]) -> None:
    here.store.write("UPDATE chats SET version = version + 1 WHERE chat_id = ?", chat_id)
    version = _get(here, chat_id)["version"]
    versions = {"LastMemVer": f"{version - 1:032x}", "CurMemVer": f"{version:032x}"}
    _tell(here, chat_id, "update", {**detail, "MemChangeCnt": 1, "MemChangeList": {"Item": external}, **versions})


def _tell(here: World, chat_id: str, change: str, detail: dict[str, Any]) -> None:
    if not here.settings.corp_callback_aes_key:
        return
    event = {
        "ToUserName": here.settings.corp_id,
        "FromUserName": "sys",
        "CreateTime": int(here.clock.now()),
        "MsgType": "event",
        "Event": "change_external_chat",
        "ChatId": chat_id,
        "ChangeType": change,
        **detail,
    }
    here.postman.post("wecom", change, event, [here.settings.wecom_retry_s] * (_ATTEMPTS - 1))


@blueprint.post("/cgi-bin/externalcontact/groupchat/get")
def get_group() -> Response:
    """A group's detail with everybody in it."""
    tokens.require("wecom")
    here, chat_id = world(), str(json_body().get("chat_id") or "")
    chat = here.store.one("SELECT * FROM chats WHERE chat_id = ?", chat_id)
    if chat is None:
        raise Refusal(40058, "invalid Request Parameter, chat_id")
    if chat["dismissed_at"] is not None:
        raise Refusal(49008, "group chat is dismissed")
    sql = "SELECT * FROM chat_people WHERE chat_id = ? ORDER BY joined_at, external_userid"
    customers = [_customer_view(here, row) for row in here.store.all(sql, chat_id)]
    owner = {"userid": chat["owner"], "type": _EMPLOYEE, "join_time": int(chat["made_at"]), "join_scene": 1}
    group = {
        "chat_id": chat_id,
        "name": chat["name"],
        "owner": chat["owner"],
        "create_time": int(chat["made_at"]),
        "notice": "",
        "member_list": [owner, *customers],
        "admin_list": [],
        "member_version": f"{chat['version']:032x}",
    }
    return json_response({"errcode": 0, "errmsg": "ok", "group_chat": group})


def _customer_view(here: World, row: Any) -> dict[str, Any]:
    person = people.find(here.store, "external_userid", row["external_userid"])
    view = {
        "userid": row["external_userid"],
        "type": _CUSTOMER,
        "join_time": int(row["joined_at"]),
        "join_scene": _BY_QR_CODE,
    }
    return view | ({"unionid": person["unionid"]} if person else {})
