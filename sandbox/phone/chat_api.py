"""The customer groups of the sandbox phone by JSON: made, come into, left and dissolved."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.kit.errors import ApiError
from sandbox.kit.world import world
from sandbox.wecom import chats

blueprint = Blueprint("chat_api", __name__, url_prefix="/phone/api")


def _body() -> dict[str, Any]:
    data = request.get_json(silent=True) if request.get_data() else {}
    if not isinstance(data, dict):
        raise ApiError(400, "bad_request", "a JSON object is expected")
    return data


@blueprint.get("/people/<person_id>/chats")
def list_chats(person_id: str) -> Response:
    """Every customer group, and since when the person is in it."""
    return jsonify(items=chats.list_of(world(), person_id))


@blueprint.post("/chats")
def make_chat() -> tuple[Response, int]:
    """Make a customer group: `name`, `owner` (default the first member of staff)."""
    data = _body()
    return jsonify(chats.make(world(), name=str(data.get("name") or ""), owner=str(data.get("owner") or ""))), 201


@blueprint.delete("/chats/<chat_id>")
def dismiss_chat(chat_id: str) -> tuple[str, int]:
    """Dissolve a group."""
    chats.dismiss(world(), chat_id)
    return "", 204


@blueprint.post("/people/<person_id>/chats/<chat_id>")
def join_chat(person_id: str, chat_id: str) -> Response:
    """Come into a group by its QR code."""
    return jsonify(joined=chats.join(world(), person_id, chat_id))


@blueprint.delete("/people/<person_id>/chats/<chat_id>")
def leave_chat(person_id: str, chat_id: str) -> Response:
    """Leave a group."""
    return jsonify(left=chats.leave(world(), person_id, chat_id))
