"""The circle's desk: authorise people, let them pay in the shops, refund, and tell the mall well or badly."""

import json
import sqlite3
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from sandbox.circle import facts, notices
from sandbox.kit.errors import ApiError
from sandbox.kit.world import world
from sandbox.people import people

blueprint = Blueprint("circle_desk", __name__, url_prefix="/circle")

_EVENTS = ("MALL_AUTH.ACTIVATE_CARD", "MALL_TRANSACTION.SUCCESS", "MALL_REFUND.SUCCESS")
# Instead of telling at once: nobody is told yet, or the person has to hand the payment in.
LATER, BY_HAND, AHEAD = "later", "by_hand", "ahead"


@blueprint.get("")
def page() -> str:
    """The desk's page."""
    return render_template("circle.html", here=world())


@blueprint.get("/api")
def show() -> Response:
    """People with their cards, payments with what they earned, cars, and the notices that were sent."""
    here = world()
    persons = here.store.all("SELECT * FROM people ORDER BY made_at, rowid")
    marks = ", ".join("?" * len(_EVENTS))
    sql = f"SELECT * FROM deliveries WHERE title IN ({marks}) ORDER BY id DESC LIMIT 20"  # noqa: S608 - marks alone
    sent = [_notice(row) for row in here.store.all(sql, *_EVENTS)]
    return jsonify(
        people=[facts.view_card(here, one) for one in persons],
        payments=facts.list_payments(here),
        parkings=facts.list_parkings(here),
        notices=sent,
    )


def _notice(row: sqlite3.Row) -> dict[str, Any]:
    """A notice: what became of it, of what it told, and how (`told`)."""
    payload = json.loads(row["payload_json"])
    about = payload["resource"].get("refund_id") or payload["resource"].get("transaction_id") or ""
    shown = {name: row[name] for name in ("id", "title", "state", "outcome", "attempts")}
    return shown | {"about": about, "told": payload.get("told", "")}


@blueprint.get("/api/people/<person_id>")
def show_person(person_id: str) -> Response:
    """One person's card."""
    return jsonify(facts.view_card(world(), people.get(world().store, person_id)))


@blueprint.post("/api/people/<person_id>/authorise")
def authorise(person_id: str) -> Response:
    """The person opens the card: `mode` full (payments are told) or card."""
    here, person = world(), people.get(world().store, person_id)
    card = facts.open_card(here, person["mini_openid"], is_full=_body().get("mode") != "card")
    notices.tell_card(here, card)
    return jsonify(facts.view_card(here, person))


@blueprint.post("/api/people/<person_id>/withdraw")
def withdraw(person_id: str) -> Response:
    """The person takes the authorisation back; the platform does not tell of it."""
    person = people.get(world().store, person_id)
    facts.withdraw(world(), person["mini_openid"])
    return jsonify(facts.view_card(world(), person))


@blueprint.post("/api/people/<person_id>/submit")
def submit(person_id: str) -> Response:
    """The person hands in all payments that wait for it."""
    here, person = world(), people.get(world().store, person_id)
    sql = "SELECT * FROM circle_payments WHERE openid = ? AND state = ? ORDER BY paid_at"
    for payment in here.store.all(sql, person["mini_openid"], facts.TO_SUBMIT):
        notices.tell_payment(here, payment, notices.How.ONCE)
    return jsonify(facts.view_card(here, person))


@blueprint.post("/api/payments")
def pay() -> tuple[Response, int]:
    """Pay: `person_id`, `shop_number`, `shop_name`, `amount_fen`, `how` (a way of telling, later or by_hand)."""
    here, data = world(), _body()
    how, shop = str(data.get("how") or ""), str(data.get("shop_number") or "").strip()
    telling = None if how in (LATER, BY_HAND) else notices.read_how(how)
    payment = facts.pay(
        here,
        str(data.get("person_id") or ""),
        shop_number=shop,
        shop_name=str(data.get("shop_name") or here.settings.stores.get(shop, "")).strip(),
        amount_fen=_fen(data),
        by_hand=how == BY_HAND,
    )
    if telling is not None:
        notices.tell_payment(here, payment, telling)
    return jsonify(facts.view_payment(here, facts.get_payment(here, payment["transaction_id"]))), 201


@blueprint.post("/api/payments/<transaction_id>/notices")
def tell_payment(transaction_id: str) -> Response:
    """Tell of the payment, again or at last: `how`."""
    here = world()
    notices.tell_payment(here, facts.get_payment(here, transaction_id), notices.read_how(_body().get("how")))
    return jsonify(facts.view_payment(here, facts.get_payment(here, transaction_id)))


@blueprint.post("/api/payments/<transaction_id>/refunds")
def refund(transaction_id: str) -> tuple[Response, int]:
    """Give `amount_fen` back; it is told once the payment's points are known, or `how` ahead: at once."""
    here, data = world(), _body()
    payment = facts.get_payment(here, transaction_id)
    new = facts.add_refund(here, payment, _fen(data))
    if data.get("how") == AHEAD or payment["times_told"]:
        notices.tell_refund(here, new, notices.How.ONCE)
    return jsonify(facts.view_payment(here, facts.get_payment(here, transaction_id))), 201


@blueprint.post("/api/refunds/<refund_id>/notices")
def tell_refund(refund_id: str) -> Response:
    """Tell of the refund, again or at last: `how`."""
    here, found = world(), facts.get_refund(world(), refund_id)
    notices.tell_refund(here, found, notices.read_how(_body().get("how")))
    return jsonify(facts.view_payment(here, facts.get_payment(here, found["transaction_id"])))


def _body() -> dict[str, Any]:
    data = request.get_json(silent=True) if request.get_data() else {}
    if not isinstance(data, dict):
        raise ApiError(400, "bad_request", "需要 JSON")
    return data


def _fen(data: dict[str, Any]) -> int:
    amount_fen = data.get("amount_fen")
    if not isinstance(amount_fen, int) or isinstance(amount_fen, bool):
        raise ApiError(422, "amount_invalid", "金额不对")
    return amount_fen
