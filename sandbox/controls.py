"""Faults, callbacks, templates and the request log: by JSON for tests, as pages for people."""

import json
import re
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from sandbox.kit.clock import rfc3339
from sandbox.kit.errors import ApiError
from sandbox.kit.faults import KINDS, PLATFORMS
from sandbox.kit.world import world
from sandbox.people import inbox
from sandbox.wechat import templates_registry, tokens
from sandbox.wecom import contacts

blueprint = Blueprint("controls", __name__)

_FIELD = re.compile(r"[a-z_]+\d+")


@blueprint.get("/faults")
def list_faults() -> Response | str:
    """The faults that are on; as a page when a browser asks."""
    on = [fault.as_dict() for fault in world().faults.listed()]
    if request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html":
        return render_template("faults.html", faults=on, kinds=KINDS, platforms=PLATFORMS)
    return jsonify(items=on, kinds={kind: text for kind, (text, _) in KINDS.items()})


@blueprint.post("/faults")
def add_fault() -> tuple[Response, int]:
    """Switch a fault on: `kind`, `platform` (*), `endpoint` (path prefix, *), `value`, `times` (null: until cleared).

    `expire_token` acts at once and leaves nothing switched on.
    """
    data = request.get_json(silent=True)
    if not isinstance(data, dict):
        raise ApiError(400, "bad_request", "a JSON object is expected")
    platform, times = str(data.get("platform") or "*"), data.get("times")
    if data.get("kind") == "expire_token":
        return jsonify(expired=tokens.expire_now(world(), platform)), 200
    if times is not None and (not isinstance(times, int) or isinstance(times, bool)):
        raise ApiError(422, "times_invalid", "times must be a number or null")
    fault = world().faults.add(
        str(data.get("kind")),
        platform=platform,
        endpoint=str(data.get("endpoint") or "*"),
        value=str(data.get("value") or ""),
        times=times,
    )
    return jsonify(fault.as_dict()), 201


@blueprint.delete("/faults")
def clear_faults() -> tuple[str, int]:
    """Switch everything off."""
    world().faults.clear()
    return "", 204


@blueprint.delete("/faults/<int:fault_id>")
def clear_fault(fault_id: int) -> tuple[str, int]:
    """Switch one fault off."""
    world().faults.clear(fault_id)
    return "", 204


@blueprint.get("/requests")
def requests_page() -> Response | str:
    """The last calls, scrubbed; as a page when a browser asks."""
    entries = [{**e, "at": rfc3339(e["at"])} for e in world().log.listed(request.args.get("limit", 200, type=int))]
    if request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html":
        return render_template("requests.html", entries=entries)
    return jsonify(items=entries)


@blueprint.get("/sms")
def sms_page() -> str:
    """The last text messages, also those to numbers of nobody on the phone, such as the staff's."""
    rows = world().store.all("SELECT * FROM messages WHERE channel = 'sms' ORDER BY id DESC LIMIT 50")
    return render_template("sms.html", items=[{**inbox.view(row), "phone": row["phone"]} for row in rows])


@blueprint.get("/callbacks")
def list_callbacks() -> Response | str:
    """Callbacks sent and waiting, newest first; as a page when a browser asks."""
    rows = world().store.all("SELECT * FROM deliveries ORDER BY id DESC LIMIT 200")
    items = [_delivery_view(row) for row in rows]
    if request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html":
        return render_template("callbacks.html", items=items)
    return jsonify(items=items)


def _delivery_view(row: Any) -> dict[str, Any]:
    due = rfc3339(row["due_at"]) if row["due_at"] is not None else None
    facts = {name: row[name] for name in ("id", "channel", "title", "attempts", "state", "outcome")}
    return {**facts, "due_at": due, "made_at": rfc3339(row["made_at"])}


@blueprint.post("/callbacks/<int:delivery_id>/resend")
def resend(delivery_id: int) -> tuple[Response, int]:
    """Send a callback again, as the platform may."""
    if not world().postman.resend(delivery_id):
        raise ApiError(404, "callback_not_found", "没有这个回调")
    return jsonify(ok=True), 202


@blueprint.post("/callbacks/check-wecom")
def check_wecom() -> Response:
    """Save the WeCom callback URL: the echo check."""
    return jsonify(contacts.check_url(world()))


@blueprint.get("/templates")
def list_templates() -> Response:
    """The message templates the accounts have, with their fields."""
    rows = world().store.all("SELECT * FROM templates ORDER BY rowid")
    return jsonify(items=[templates_registry.view(row) for row in rows])


@blueprint.put("/templates/<template_id>")
def put_template(template_id: str) -> Response:
    """Register or change a template: `app` mini|official, `title`, `fields` {"thing1": "label"}."""
    data = request.get_json(silent=True)
    data = data if isinstance(data, dict) else {}
    app, title, fields = data.get("app"), data.get("title"), data.get("fields")
    if app not in ("mini", "official") or not title or not isinstance(fields, dict) or not fields:
        raise ApiError(422, "template_invalid", "app, title and fields are needed")
    if not all(_FIELD.fullmatch(name) for name in fields):
        raise ApiError(422, "template_invalid", "field names are a prefix and a number")
    text = json.dumps({name: str(label) for name, label in fields.items()}, ensure_ascii=False)
    sql = "INSERT OR REPLACE INTO templates (id, app, title, fields_json) VALUES (?, ?, ?, ?)"
    world().store.write(sql, template_id, app, str(title), text)
    row = templates_registry.find(world().store, app, template_id)
    return jsonify(templates_registry.view(row) if row else {})
