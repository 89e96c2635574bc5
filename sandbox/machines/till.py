"""A shop's till: rings up a receipt and posts it, signed, to the product."""

import json
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Blueprint, Response, jsonify, render_template, request

from sandbox.kit import ids, signing
from sandbox.kit.clock import rfc3339
from sandbox.kit.errors import ApiError
from sandbox.kit.postman import Letter, send_now
from sandbox.kit.world import World, world

blueprint = Blueprint("till", __name__)

RECEIPTS_PATH = "/open/v1/receipts"
IDENTIFIERS = ("member_code", "phone", "card_no")


@blueprint.get("/till")
def page() -> str:
    """The till's page."""
    return render_template("till.html", here=world())


@blueprint.post("/till/api/receipts")
def ring_up() -> tuple[Response, int]:
    """Post one receipt; the answer carries the product's status and body."""
    data = request.get_json(silent=True)
    if not isinstance(data, dict):
        raise ApiError(400, "bad_request", "需要 JSON")
    receipt = _receipt(world(), data)
    try:
        answer = send_now(_letter(world(), receipt))
    except requests.RequestException:
        raise ApiError(502, "product_unreachable", "联系不上商场系统，请用同一小票号重试") from None
    try:
        said = answer.json()
    except ValueError:
        said = {"error": {"code": "no_json", "message": answer.text[:200]}}
    return jsonify(receipt=receipt, status=answer.status_code, answer=said), 200


def _receipt(here: World, data: dict[str, Any]) -> dict[str, Any]:
    amount_fen = data.get("amount_fen")
    if not isinstance(amount_fen, int) or isinstance(amount_fen, bool):
        raise ApiError(422, "amount_invalid", "金额不对")
    if not data.get("store_code"):
        raise ApiError(422, "store_missing", "请选择门店，或填写门店编号")
    receipt = {
        "source": str(data.get("source") or here.settings.pos_id),
        "receipt_no": str(data.get("receipt_no") or ids.digits(12, "R")),
        "store_code": str(data["store_code"]),
        "occurred_at": str(data.get("occurred_at") or rfc3339(here.clock.now())),
        "amount_fen": amount_fen,
        "refund_of": data.get("refund_of") or None,
    }
    receipt |= {name: data.get(name) or None for name in IDENTIFIERS if data.get(name)}
    if isinstance(data.get("lines"), list):
        receipt["lines"] = data["lines"]
    return receipt


def _letter(here: World, receipt: dict[str, Any]) -> Letter:
    url = here.settings.product_url + RECEIPTS_PATH
    body = json.dumps(receipt, ensure_ascii=False).encode()
    settings = here.settings
    head = signing.headers(here.clock, settings.pos_id, settings.pos_secret, urlsplit(url).path, body)
    return Letter(url, head, body)
