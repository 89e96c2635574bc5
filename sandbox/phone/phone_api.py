"""The sandbox phone by JSON: everything a hand can do on its page, for tests and for the page itself."""

import json
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.kit import qr
from sandbox.kit.clock import rfc3339
from sandbox.kit.errors import ApiError
from sandbox.kit.world import world
from sandbox.machines import gate
from sandbox.pay import orders, pay
from sandbox.people import inbox, onetime, people
from sandbox.phone import scan, signposts
from sandbox.wechat import subscribe
from sandbox.wechat.official import PERSON_COOKIE, SCOPES
from sandbox.wecom import contacts

blueprint = Blueprint("phone_api", __name__, url_prefix="/phone/api")

LATEST_REPORT_MINUTES = 24 * 60


def _body() -> dict[str, Any]:
    data = request.get_json(silent=True) if request.get_data() else {}
    if not isinstance(data, dict):
        raise ApiError(400, "bad_request", "a JSON object is expected")
    return data


@blueprint.get("/people")
def list_people() -> Response:
    """Everybody, the oldest first."""
    rows = world().store.all("SELECT * FROM people ORDER BY made_at, rowid")
    return jsonify(items=[people.view(row) for row in rows])


@blueprint.post("/people")
def make_person() -> tuple[Response, int]:
    """Make a person: `name`, `phone`, `follows_oa` (default true)."""
    data, here = _body(), world()
    person = people.make(
        here.store,
        here.clock,
        name=str(data.get("name", "")),
        phone=str(data.get("phone", "")),
        follows_oa=data.get("follows_oa") is not False,
    )
    return jsonify(people.view(person)), 201


@blueprint.get("/people/<person_id>")
def get_person(person_id: str) -> Response:
    """One person."""
    return jsonify(people.view(people.get(world().store, person_id)))


@blueprint.post("/people/<person_id>/choose")
def choose(person_id: str) -> Response:
    """This browser is that person's phone: the OAuth page knows them from now on."""
    person = people.get(world().store, person_id)
    answer = jsonify(people.view(person))
    answer.set_cookie(PERSON_COOKIE, person["id"], path="/connect", httponly=True, samesite="Lax")
    return answer


@blueprint.post("/people/<person_id>/follow")
def follow(person_id: str) -> Response:
    """Follow or unfollow the official account: `follows` true or false."""
    here = world()
    people.get(here.store, person_id)
    sql = "UPDATE people SET follows_oa = ? WHERE id = ?"
    here.store.write(sql, int(_body().get("follows") is not False), person_id)
    return jsonify(people.view(people.get(here.store, person_id)))


def _code(person_id: str, kind: onetime.Kind, scope: str = "") -> tuple[Response, int]:
    here = world()
    people.get(here.store, person_id)
    return jsonify(code=onetime.issue(here.store, here.clock, kind, person_id, scope)), 201


@blueprint.post("/people/<person_id>/login-code")
def login_code(person_id: str) -> tuple[Response, int]:
    """What wx.login gives."""
    return _code(person_id, onetime.Kind.LOGIN)


@blueprint.post("/people/<person_id>/phone-code")
def phone_code(person_id: str) -> tuple[Response, int]:
    """What the phone button gives after the person allowed it."""
    return _code(person_id, onetime.Kind.PHONE)


@blueprint.post("/people/<person_id>/oauth-code")
def oauth_code(person_id: str) -> tuple[Response, int]:
    """What the OAuth page hands to the redirect address; `scope` is snsapi_userinfo unless given."""
    scope = _body().get("scope", "snsapi_userinfo")
    if scope not in SCOPES:
        raise ApiError(422, "scope_invalid", "snsapi_base or snsapi_userinfo")
    return _code(person_id, onetime.Kind.OAUTH, scope)


@blueprint.get("/people/<person_id>/subscriptions")
def subscriptions(person_id: str) -> Response:
    """Consents left and answers remembered, per template."""
    return jsonify(items=subscribe.listed(world(), person_id))


@blueprint.post("/people/<person_id>/subscribe")
def answer_subscribe(person_id: str) -> Response:
    """Answer the dialog: `results` {template id: accept|reject}, `remember`; the answer as the page gets it."""
    data = _body()
    results = data.get("results")
    if not isinstance(results, dict):
        raise ApiError(422, "results_invalid", "results must be an object")
    remember = data.get("remember") is True
    return jsonify(subscribe.answer_dialog(world(), person_id, results, remember=remember))


@blueprint.delete("/people/<person_id>/subscriptions/<template_id>")
def forget_subscription(person_id: str, template_id: str) -> tuple[str, int]:
    """Switch a template off in the person's settings."""
    subscribe.forget(world(), person_id, template_id)
    return "", 204


@blueprint.get("/orders/<prepay_id>")
def get_order(prepay_id: str) -> Response:
    """What the payment sheet shows."""
    here = world()
    order = here.store.one("SELECT * FROM orders WHERE prepay_id = ?", prepay_id.removeprefix("prepay_id="))
    if order is None:
        raise ApiError(404, "prepay_not_found", "requestPayment:fail 订单已过期")
    description = json.loads(order["body_json"])["description"]
    return jsonify(total_fen=order["total_fen"], description=description, state=order["state"])


@blueprint.post("/people/<person_id>/pay")
def pay_order(person_id: str) -> Response:
    """Confirm wx.requestPayment with the page's parameters, or an order by `prepay_id` alone."""
    data = _body()
    if data.get("prepay_id"):
        return jsonify(orders.confirm(world(), person_id, str(data["prepay_id"])))
    return jsonify(pay.request_payment(world(), person_id, data))


@blueprint.get("/people/<person_id>/contacts")
def list_contacts(person_id: str) -> Response:
    """The WeCom contacts a person has added."""
    return jsonify(items=contacts.list_follows(world(), person_id))


@blueprint.post("/people/<person_id>/wecom/add")
def add_contact(person_id: str) -> Response:
    """Scan a contact way: `config_id`, or `state` for the newest way with that mark."""
    data, here = _body(), world()
    config_id = str(data.get("config_id") or "")
    if not config_id and data.get("state"):
        rows = here.store.all("SELECT * FROM contact_ways ORDER BY made_at DESC")
        same = [r["config_id"] for r in rows if json.loads(r["body_json"]).get("state") == data["state"]]
        config_id = same[0] if same else ""
    return jsonify(contacts.add(here, person_id, config_id=config_id))


@blueprint.post("/people/<person_id>/wecom/remove")
def remove_contact(person_id: str) -> Response:
    """Delete a member of staff from the contacts: `userid`."""
    return jsonify(removed=contacts.remove(world(), person_id, str(_body().get("userid", ""))))


@blueprint.post("/people/<person_id>/drive")
def drive(person_id: str) -> Response:
    """Drive to a barrier: `plate`, `direction` in|out, `car_park_code` (default the first), `event_id` to repeat.

    `occurred_at`, or `minutes_ago`, lets the gate report it late.
    """
    data, here = _body(), world()
    people.get(here.store, person_id)
    minutes_ago = data.get("minutes_ago")
    if isinstance(minutes_ago, int) and 0 < minutes_ago <= LATEST_REPORT_MINUTES:
        data["occurred_at"] = rfc3339(here.clock.now() - 60 * minutes_ago)
    code = str(data.get("car_park_code") or next(iter(here.settings.car_parks), ""))
    car = gate.drive(
        here,
        plate=str(data.get("plate", "")),
        direction=str(data.get("direction", "")),
        car_park_code=code,
        lane=str(data.get("lane") or ""),
        person_id=person_id,
        event_id=data.get("event_id"),
        occurred_at=data.get("occurred_at"),
    )
    return jsonify(car)


@blueprint.get("/people/<person_id>/cars")
def list_cars(person_id: str) -> Response:
    """A person's cars and their barriers."""
    return jsonify(items=gate.list_cars(world(), person_id))


@blueprint.get("/cars")
def all_cars() -> Response:
    """All cars the barriers have seen."""
    return jsonify(items=gate.list_cars(world()))


@blueprint.get("/people/<person_id>/messages")
def messages(person_id: str) -> Response:
    """Messages on every channel, oldest first; `?after=` a message id, `?channel=`."""
    here = world()
    person = people.get(here.store, person_id)
    after = request.args.get("after", 0, type=int)
    channel = request.args.get("channel")
    found = inbox.listed(here.store, person_id, person["phone"], after=after, channel=channel)
    return jsonify(items=found)


@blueprint.get("/sms")
def list_sms() -> Response:
    """Text messages sent to a number, also one that belongs to nobody: `?phone=`, newest first."""
    sql = "SELECT * FROM messages WHERE channel = 'sms' AND phone = ? ORDER BY id DESC"
    return jsonify(items=[inbox.view(row) for row in world().store.all(sql, request.args.get("phone", ""))])


@blueprint.get("/codes")
def list_codes() -> Response:
    """Every code the product had made: mini-program codes and contact ways, newest first."""
    here = world()
    base = request.host_url.rstrip("/")
    minis = [_wxacode_view(row) for row in here.store.all("SELECT * FROM wxacodes ORDER BY id DESC LIMIT 200")]
    ways = here.store.all("SELECT * FROM contact_ways ORDER BY made_at DESC LIMIT 200")
    answer = {"mini_program": minis, "contact_ways": [_way_view(row, base) for row in ways]}
    names = signposts.read(here, [code["scene"] for code in minis])
    for code in minis:
        code["hangs_at"] = names.get(code["scene"], "")
    for code in answer["contact_ways"]:
        code["hangs_at"] = names.get(code["state"], "")
    return jsonify(answer)


def _wxacode_view(row: Any) -> dict[str, Any]:
    content = f"{row['page']}?scene={row['scene']}"
    picture = f"/phone/api/codes/{row['id']}.png"
    facts = {"page": row["page"], "scene": row["scene"], "made_at": rfc3339(row["made_at"])}
    return {"id": row["id"], **facts, "content": content, "picture": picture}


def _way_view(row: Any, base: str) -> dict[str, Any]:
    body = json.loads(row["body_json"])
    facts = {"state": body.get("state", ""), "remark": body.get("remark", ""), "userid": body["user"][0]}
    picture = f"/wecom/qr/{row['config_id']}.png"
    content = f"{base}/wecom/contact/{row['config_id']}"
    made_at = rfc3339(row["made_at"])
    return {"config_id": row["config_id"], **facts, "made_at": made_at, "content": content, "picture": picture}


@blueprint.get("/codes/<int:code_id>.png")
def code_picture(code_id: int) -> Response:
    """A mini-program code's picture again."""
    row = world().store.one("SELECT * FROM wxacodes WHERE id = ?", code_id)
    if row is None:
        raise ApiError(404, "code_not_found", "没有这个码")
    image = qr.picture(f"{row['page']}?scene={row['scene']}", 280, format_="PNG")
    return Response(image, content_type="image/png")


@blueprint.post("/scan")
def scan_code() -> Response:
    """Understand a code: a picture (multipart field `picture`) or `{"content"}`."""
    upload = request.files.get("picture")
    content = qr.read(upload.read()) if upload is not None else str(_body().get("content", ""))
    if not content.strip():
        raise ApiError(422, "content_missing", "没有内容")
    here = world()
    found = scan.understand(here, content)
    scene = found.get("scene", "")
    return jsonify(content=content, hangs_at=signposts.read(here, [scene]).get(scene, "") if scene else "", **found)


@blueprint.get("/ways")
def ways() -> Response:
    """The three addresses of a scene, or of the front page: `?scene=&page=`."""
    page = request.args.get("page", "pages/join/index")
    return jsonify(scan.ways(world(), page, request.args.get("scene", "")))
