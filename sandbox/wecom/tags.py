"""WeCom's corp tags and their use on customers."""

import sqlite3
from typing import Any

from flask import Response

from sandbox.kit import ids
from sandbox.kit.errors import Refusal
from sandbox.kit.wire import json_body, json_response, platform_blueprint
from sandbox.kit.world import World, world
from sandbox.wechat import tokens
from sandbox.wecom import contacts

blueprint = platform_blueprint("wecom_tags", __name__, lambda: "wecom")

_OK = {"errcode": 0, "errmsg": "ok"}


@blueprint.post("/cgi-bin/externalcontact/get_corp_tag_list")
def get_corp_tag_list() -> Response:
    """All tag groups, or those named by group or tag ids."""
    tokens.require("wecom")
    here, body = world(), json_body()
    wanted_tags, wanted_groups = body.get("tag_id") or [], body.get("group_id") or []
    groups = [_group_view(here, row) for row in here.store.all("SELECT * FROM tag_groups ORDER BY ord DESC, rowid")]
    if wanted_groups:
        groups = [g for g in groups if g["group_id"] in wanted_groups]
    elif wanted_tags:
        groups = [{**g, "tag": [t for t in g["tag"] if t["id"] in wanted_tags]} for g in groups]
        groups = [g for g in groups if g["tag"]]
    return json_response({**_OK, "tag_group": groups})


def _group_view(here: World, group: sqlite3.Row) -> dict[str, Any]:
    rows = here.store.all("SELECT * FROM tags WHERE group_id = ? ORDER BY ord DESC, rowid", group["group_id"])
    head = {"group_id": group["group_id"], "group_name": group["name"], "create_time": int(group["created_at"])}
    return {**head, "order": group["ord"], "tag": [_tag_view(row) for row in rows]}


def _tag_view(row: sqlite3.Row) -> dict[str, Any]:
    created = int(row["created_at"])
    return {"id": row["tag_id"], "name": row["name"], "create_time": created, "order": row["ord"]}


@blueprint.post("/cgi-bin/externalcontact/add_corp_tag")
def add_corp_tag() -> Response:
    """Add tags to a group, by id or by name (made when new)."""
    tokens.require("wecom")
    here, body = world(), json_body()
    names = body.get("tag")
    if not isinstance(names, list) or not names:
        raise Refusal(40063, "some parameters are empty")
    if any(not isinstance(t, dict) or not 1 <= len(str(t.get("name", ""))) <= 30 for t in names):
        raise Refusal(40058, "invalid Request Parameter")
    with here.store.transaction():
        group = _group(here, body)
        new = [_add_tag(here, group["group_id"], tag) for tag in names]
    view = _group_view(here, group)
    return json_response({**_OK, "tag_group": view | {"tag": [t for t in view["tag"] if t["id"] in new]}})


def _group(here: World, body: dict[str, Any]) -> Any:
    if body.get("group_id"):
        row = here.store.one("SELECT * FROM tag_groups WHERE group_id = ?", body["group_id"])
        if row is None:
            raise Refusal(40068, "invalid tag group id")
        return row
    name = str(body.get("group_name") or "")
    if not 1 <= len(name) <= 30:
        raise Refusal(40058, "invalid Request Parameter")
    sql = "INSERT OR IGNORE INTO tag_groups (group_id, name, ord, created_at) VALUES (?, ?, ?, ?)"
    here.store.write(sql, ids.token(28, "etSB"), name, int(body.get("order") or 0), here.clock.now())
    return here.store.one("SELECT * FROM tag_groups WHERE name = ?", name)


def _add_tag(here: World, group_id: str, tag: dict[str, Any]) -> str:
    tag_id = ids.token(28, "etSB")
    order = int(tag.get("order") or 0)
    try:
        here.store.insert(
            "tags", tag_id=tag_id, group_id=group_id, name=tag["name"], ord=order, created_at=here.clock.now()
        )
    except sqlite3.IntegrityError:
        raise Refusal(40071, "invalid tag name, already exists") from None
    return tag_id


@blueprint.post("/cgi-bin/externalcontact/del_corp_tag")
def del_corp_tag() -> Response:
    """Delete tags, and groups with their tags."""
    tokens.require("wecom")
    here, body = world(), json_body()
    tag_ids, group_ids = body.get("tag_id") or [], body.get("group_id") or []
    if not tag_ids and not group_ids:
        raise Refusal(40063, "some parameters are empty")
    with here.store.transaction():
        for group_id in group_ids:
            tag_ids += [r["tag_id"] for r in here.store.all("SELECT tag_id FROM tags WHERE group_id = ?", group_id)]
        for tag_id in tag_ids:
            here.store.write("DELETE FROM follow_tags WHERE tag_id = ?", tag_id)
            here.store.write("DELETE FROM tags WHERE tag_id = ?", tag_id)
        for group_id in group_ids:
            here.store.write("DELETE FROM tag_groups WHERE group_id = ?", group_id)
    return json_response(_OK)


@blueprint.post("/cgi-bin/externalcontact/mark_tag")
def mark_tag() -> Response:
    """Put tags on a member of staff's customer or take them off. No callback follows: it came through the API."""
    tokens.require("wecom")
    here, body = world(), json_body()
    userid, external_userid = str(body.get("userid") or ""), str(body.get("external_userid") or "")
    added, removed = body.get("add_tag") or [], body.get("remove_tag") or []
    if not added and not removed:
        raise Refusal(40063, "some parameters are empty")
    if contacts.find_follow(here, external_userid, userid) is None:
        raise Refusal(84061, "not external contact")
    with here.store.transaction():
        for tag_id in [*added, *removed]:
            if here.store.one("SELECT 1 FROM tags WHERE tag_id = ?", tag_id) is None:
                raise Refusal(40068, "invalid tag id")
        for tag_id in added:
            sql = "INSERT OR IGNORE INTO follow_tags (external_userid, userid, tag_id) VALUES (?, ?, ?)"
            here.store.write(sql, external_userid, userid, tag_id)
        for tag_id in removed:
            sql = "DELETE FROM follow_tags WHERE external_userid = ? AND userid = ? AND tag_id = ?"
            here.store.write(sql, external_userid, userid, tag_id)
    return json_response(_OK)
