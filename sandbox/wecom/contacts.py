"""WeCom's customers: who added which member of staff, through which contact way, with which tags."""

import json
import sqlite3
from typing import Any

import requests

from sandbox.kit import ids
from sandbox.kit.clock import rfc3339
from sandbox.kit.envelope import Envelope, to_xml
from sandbox.kit.errors import ApiError
from sandbox.kit.postman import Letter, Route
from sandbox.kit.world import World
from sandbox.people import people

CALLBACK_PATH = "/open/v1/wecom/callback"
WELCOME_LIFE_S = 20
_ATTEMPTS = 3


def envelope(here: World) -> Envelope:
    """The callback URL's token and key."""
    settings = here.settings
    return Envelope(settings.corp_callback_token, settings.corp_callback_aes_key, settings.corp_id)


def add(here: World, person_id: str, *, config_id: str) -> dict[str, Any]:
    """A person scans a contact way and becomes a customer: event with State and, once per contact, WelcomeCode.

    Somebody who is a customer already only opens the chat: no event. Raises ApiError for an unknown way.
    """
    person = people.get(here.store, person_id)
    way = here.store.one("SELECT * FROM contact_ways WHERE config_id = ?", config_id)
    if way is None:
        raise ApiError(404, "contact_way_not_found", "这个联系我二维码已失效")
    body = json.loads(way["body_json"])
    state, userid = str(body.get("state") or ""), str(body["user"][0])
    external_userid = person["external_userid"]
    with here.store.transaction():
        sql = "SELECT 1 FROM follows WHERE external_userid = ? AND userid = ?"
        if here.store.one(sql, external_userid, userid) is not None:
            return {"external_userid": external_userid, "userid": userid, "already": True}
        follow = {"state": state, "remark": person["name"], "config_id": config_id, "created_at": here.clock.now()}
        here.store.insert("follows", external_userid=external_userid, userid=userid, **follow)
        code, expires_at = ids.token(43), here.clock.now() + WELCOME_LIFE_S
        owner = {"external_userid": external_userid, "userid": userid}
        here.store.insert("welcome_codes", code=code, **owner, expires_at=expires_at)
    _tell(here, "add_external_contact", userid, external_userid, {"State": state, "WelcomeCode": code})
    return {"external_userid": external_userid, "userid": userid, "already": False, "welcome_code": code}


def remove(here: World, person_id: str, userid: str) -> bool:
    """The person deletes the member of staff; the corp hears `del_follow_user`. False when they had no contact."""
    person = people.get(here.store, person_id)
    with here.store.transaction():
        sql = "DELETE FROM follow_tags WHERE external_userid = ? AND userid = ?"
        here.store.write(sql, person["external_userid"], userid)
        sql = "DELETE FROM follows WHERE external_userid = ? AND userid = ?"
        gone = here.store.write(sql, person["external_userid"], userid) == 1
    if gone:
        _tell(here, "del_follow_user", userid, person["external_userid"], {})
    return gone


def _tell(here: World, change: str, userid: str, external_userid: str, extra: dict[str, str]) -> None:
    if not here.settings.corp_callback_aes_key:
        return
    event = {
        "ToUserName": here.settings.corp_id,
        "FromUserName": "sys",
        "CreateTime": int(here.clock.now()),
        "MsgType": "event",
        "Event": "change_external_contact",
        "ChangeType": change,
        "UserID": userid,
        "ExternalUserID": external_userid,
        **{name: value for name, value in extra.items() if value},
    }
    here.postman.post("wecom", change, event, [here.settings.wecom_retry_s] * (_ATTEMPTS - 1))


def route(here: World) -> Route:
    """How the postman delivers WeCom's events: encrypted, signed, HTTP 200 is enough."""

    def build(event: dict[str, Any]) -> Letter:
        seal, timestamp, nonce = envelope(here), str(int(here.clock.now())), ids.digits(10)
        encrypted = seal.encrypt(to_xml(event))
        signature = seal.sign(timestamp, nonce, encrypted)
        query = f"msg_signature={signature}&timestamp={timestamp}&nonce={nonce}"
        outer = to_xml({"ToUserName": here.settings.corp_id, "AgentID": "1000002", "Encrypt": encrypted})
        url = f"{here.settings.product_url}{CALLBACK_PATH}?{query}"
        return Letter(url, {"Content-Type": "text/xml"}, outer.encode())

    return Route(build, lambda answer: answer.status_code == 200)


def check_url(here: World) -> dict[str, Any]:
    """What saving the callback URL does: an encrypted echo that must come back in plain within a second."""
    seal, timestamp, nonce, message = envelope(here), str(int(here.clock.now())), ids.digits(9), ids.digits(19)
    echo = seal.encrypt(message)
    query = {"msg_signature": seal.sign(timestamp, nonce, echo), "timestamp": timestamp, "nonce": nonce}
    try:
        with requests.Session() as session:
            session.trust_env = False
            url = here.settings.product_url + CALLBACK_PATH
            answer = session.get(url, params={**query, "echostr": echo}, timeout=1)
    except requests.RequestException as error:
        return {"ok": False, "reason": type(error).__name__}
    good = answer.status_code == 200 and answer.text == message
    return {"ok": good, "reason": "" if good else f"HTTP {answer.status_code}"}


def find_follow(here: World, external_userid: str, userid: str) -> sqlite3.Row | None:
    """The relation between a customer and a member of staff."""
    sql = "SELECT * FROM follows WHERE external_userid = ? AND userid = ?"
    return here.store.one(sql, external_userid, userid)


def follow_view(here: World, follow: sqlite3.Row) -> dict[str, Any]:
    """A `follow_user` entry of the contact's detail."""
    tags = here.store.all(
        "SELECT g.name AS group_name, t.name AS tag_name, t.tag_id FROM follow_tags f JOIN tags t USING (tag_id) "
        "JOIN tag_groups g USING (group_id) WHERE f.external_userid = ? AND f.userid = ? ORDER BY t.rowid",
        follow["external_userid"],
        follow["userid"],
    )
    view = {
        "userid": follow["userid"],
        "remark": follow["remark"],
        "description": "",
        "createtime": int(follow["created_at"]),
        "tags": [{**dict(tag), "type": 1} for tag in tags],
        "remark_corp_name": "",
        "remark_mobiles": [],
        "oper_userid": follow["external_userid"],
        "add_way": 1,
    }
    return view | ({"state": follow["state"]} if follow["state"] else {})


def list_follows(here: World, person_id: str) -> list[dict[str, Any]]:
    """The members of staff a person has added, for the phone."""
    person = people.get(here.store, person_id)
    sql = "SELECT * FROM follows WHERE external_userid = ? ORDER BY created_at"
    rows = here.store.all(sql, person["external_userid"])
    return [{"userid": r["userid"], "state": r["state"], "since": rfc3339(r["created_at"])} for r in rows]
