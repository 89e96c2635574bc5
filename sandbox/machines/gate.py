"""The parking gate: cameras that report cars to the product, barriers that open on its word."""

import json
import re
import sqlite3
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Response, request

from sandbox.kit import ids, signing
from sandbox.kit.clock import rfc3339
from sandbox.kit.errors import ApiError
from sandbox.kit.postman import Letter, Route, send_now
from sandbox.kit.wire import json_response, platform_blueprint
from sandbox.kit.world import World, world

blueprint = platform_blueprint("gate", __name__)

EVENTS_PATH = "/open/v1/parking/events"
_CAR_PARK = re.compile(r"[A-Za-z0-9_-]{1,32}")
RETRY_S = [1.0, 3.0, 10.0, 30.0]


def drive(
    here: World,
    *,
    plate: str,
    direction: str,
    car_park_code: str,
    lane: str = "",
    person_id: str | None = None,
    event_id: str | None = None,
    occurred_at: str | None = None,
) -> dict[str, Any]:
    """A car stands before a barrier: report it, move the car as the product says. The car's state afterwards.

    An earlier `event_id` repeats that event. Raises ApiError for a bad plate, direction or car park.
    """
    plate = plate.strip().upper()
    if not 2 <= len(plate) <= 10:
        raise ApiError(422, "plate_invalid", "车牌号不对")
    if direction not in ("in", "out"):
        raise ApiError(422, "direction_invalid", "direction must be in or out")
    # The product knows its car parks; the list in the settings only names those the phone offers.
    if not _CAR_PARK.fullmatch(car_park_code):
        raise ApiError(422, "car_park_invalid", "停车场编号不对")
    event = {
        "event_id": event_id or ids.token(20, "ev"),
        "car_park_code": car_park_code,
        "lane": lane or ("入口 1" if direction == "in" else "出口 1"),
        "plate": plate,
        "direction": direction,
        "occurred_at": occurred_at or rfc3339(here.clock.now()),
    }
    _place(here, event, place=_before(direction), note="等待系统应答", person_id=person_id)
    try:
        answer = send_now(_letter(here, event))
    except requests.RequestException:
        _place(here, event, place=_before(direction), note="道闸联系不上商场系统，可重试")
    else:
        _obey(here, event, answer)
    return get_car(here, car_park_code, plate)


def _before(direction: str) -> str:
    return "at_entry" if direction == "in" else "at_exit"


def _letter(here: World, event: dict[str, Any]) -> Letter:
    url = here.settings.product_url + EVENTS_PATH
    body = json.dumps(event, ensure_ascii=False).encode()
    settings = here.settings
    head = signing.headers(here.clock, settings.gate_id, settings.gate_secret, urlsplit(url).path, body)
    return Letter(url, head, body)


def _obey(here: World, event: dict[str, Any], answer: requests.Response) -> None:
    """Lift the barrier or keep it down, as answered."""
    try:
        said = answer.json() if answer.ok else {}
    except ValueError:
        said = {}
    action = said.get("action")
    direction = event["direction"]
    if action == "open":
        place, note = ("inside", "已入场") if direction == "in" else ("outside", "已离场")
        _place(here, event, place=place, barrier="open", note=note, said=said)
    elif action == "hold":
        note = "请先缴费" if direction == "out" else "请等待放行"
        _place(here, event, place=_before(direction), note=note, said=said)
    else:
        _place(here, event, place=_before(direction), note=f"系统应答异常（HTTP {answer.status_code}），可重试")


def _place(
    here: World,
    event: dict[str, Any],
    *,
    place: str,
    note: str,
    barrier: str = "closed",
    said: dict[str, Any] | None = None,
    person_id: str | None = None,
) -> None:
    said = said or {}
    here.store.write(
        "INSERT INTO cars (car_park_code, plate, place, barrier, note, due_fen, person_id, session_id, event_id, "
        "changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET place = excluded.place, "
        "barrier = excluded.barrier, note = excluded.note, due_fen = excluded.due_fen, event_id = excluded.event_id, "
        "person_id = coalesce(excluded.person_id, person_id), session_id = coalesce(excluded.session_id, session_id), "
        "changed_at = excluded.changed_at",
        event["car_park_code"],
        event["plate"],
        place,
        barrier,
        note,
        int(said.get("due_fen") or 0),
        person_id,
        said.get("session_id"),
        event["event_id"],
        here.clock.now(),
    )


def get_car(here: World, car_park_code: str, plate: str) -> dict[str, Any]:
    """One car's state. Raises ApiError when no barrier ever saw it."""
    row = here.store.one("SELECT * FROM cars WHERE car_park_code = ? AND plate = ?", car_park_code, plate)
    if row is None:
        raise ApiError(404, "car_not_found", "没有这辆车")
    return car_view(here, row)


def list_cars(here: World, person_id: str | None = None) -> list[dict[str, Any]]:
    """All cars, or a person's, the last moved first."""
    sql = "SELECT * FROM cars WHERE ? IS NULL OR person_id = ? ORDER BY changed_at DESC"
    return [car_view(here, row) for row in here.store.all(sql, person_id, person_id)]


def car_view(here: World, row: sqlite3.Row) -> dict[str, Any]:
    """A car as JSON: place (outside, at_entry, inside, at_exit), barrier (open, closed), due_fen, note."""
    view = {name: row[name] for name in row.keys() if name != "changed_at"}
    name = here.settings.car_parks.get(row["car_park_code"], row["car_park_code"])
    return view | {"car_park": name, "changed_at": rfc3339(row["changed_at"])}


@blueprint.post("/gate/v1/paid")
def paid() -> Response:
    """The product says a car has paid; a car that waits at the exit asks again and gets out."""
    here = world()
    reason = signing.refusal(here.store, here.clock, request, here.settings.gate_secret)
    if reason is not None:
        return json_response({"ok": False, "error": reason}, 409 if reason == "replayed_request" else 401)
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict) or not {"message_id", "car_park_code", "plate"} <= body.keys():
        return json_response({"ok": False, "error": "bad_request"}, 400)
    if request.headers.get("X-Client-Id") != body["car_park_code"]:
        return json_response({"ok": False, "error": "bad_signature"}, 401)
    _take_paid(here, body)
    return json_response({"ok": True})


def _take_paid(here: World, body: dict[str, Any]) -> None:
    """Note the payment once per message id; a repeat changes nothing."""
    car_park_code, plate = str(body["car_park_code"]), str(body["plate"])
    kept = {"car_park_code": car_park_code, "plate": plate, "body_json": json.dumps(body), "at": here.clock.now()}
    with here.store.transaction():
        known = here.store.one("SELECT 1 FROM gate_paid WHERE message_id = ?", str(body["message_id"]))
        if known is not None:
            return
        here.store.insert("gate_paid", message_id=str(body["message_id"]), **kept)
        note = f"已缴费，请在 {str(body.get('exit_by') or '')[11:16]} 前离场" if body.get("exit_by") else "已缴费"
        sql = "UPDATE cars SET note = ?, due_fen = 0 WHERE car_park_code = ? AND plate = ? AND place <> 'outside'"
        here.store.write(sql, note, car_park_code, plate)
        sql = "SELECT 1 FROM cars WHERE car_park_code = ? AND plate = ? AND place = 'at_exit'"
        waiting = here.store.one(sql, car_park_code, plate)
    if waiting is not None:
        head = {"event_id": ids.token(20, "ev"), "car_park_code": car_park_code, "plate": plate}
        event = {**head, "lane": "出口 1", "direction": "out", "occurred_at": rfc3339(here.clock.now())}
        here.postman.post("gate", f"出场 {plate}", event, RETRY_S)


def route(here: World) -> Route:
    """How the postman reports a car that asks again."""
    return Route(lambda e: _letter(here, e), lambda answer: answer.ok, lambda e, answer: _obey(here, e, answer))
