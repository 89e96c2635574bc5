"""The business circle's calls as the mall makes them: points, authorisations, parking, what is to be handed in."""

import json
import re

from flask import Response, request

from sandbox.circle import facts, notices
from sandbox.kit.clock import rfc3339
from sandbox.kit.errors import PayRefusal
from sandbox.kit.wire import json_response, platform_blueprint
from sandbox.kit.world import world
from sandbox.pay import pay
from sandbox.people import people

blueprint = platform_blueprint("circle", __name__, lambda: "pay")
blueprint.before_request(pay.verify)
blueprint.after_request(pay.sign)

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?[+-]\d\d:\d\d")
MOST_REMARKS = 128


@blueprint.post("/v3/businesscircle/points/notify")
def take_points() -> Response:
    """What a payment in the circle earned; said again, it is what was said last."""
    body = pay.read_body()
    points, earned = body.get("increased_points"), body.get("earn_points")
    _ensure_app(body.get("appid"), str(body.get("openid") or ""), body.get("sub_mchid"))
    pay.need(bool(body.get("transaction_id")), "transaction_id 不合法")
    pay.need(isinstance(earned, bool) and isinstance(points, int) and (points > 0) == earned, "积分不合法")
    pay.need(bool(_MOMENT.fullmatch(str(body.get("points_update_time", "")))), "points_update_time 不合法")
    remarks = str(body.get("no_points_remarks") or "")
    pay.need(len(remarks) <= MOST_REMARKS, "no_points_remarks 过长")
    number = str(body["transaction_id"])
    found = world().store.one("SELECT openid FROM circle_payments WHERE transaction_id = ?", number)
    if found is None or found["openid"] != body["openid"]:
        raise PayRefusal(404, "RESOURCE_NOT_EXISTS", "商圈交易不存在")
    facts.note_points(world(), number, int(points or 0), remarks)
    notices.tell_waiting_refunds(world(), number)
    return Response(b"", 204)


@blueprint.get("/v3/businesscircle/user-authorizations/<openid>")
def authorisation(openid: str) -> Response:
    """Whether a person lets the circle be told of their payments."""
    _ensure_app(request.args.get("appid"), openid, request.args.get("sub_mchid"))
    card = facts.find_card(world(), openid)
    said = {"openid": openid, "authorize_state": facts.state_of(world(), openid)}
    if card is not None and card["authorised_at"] is not None:
        said["authorize_time"] = rfc3339(card["authorised_at"])
    if card is not None and card["state"] == facts.WITHDRAWN:
        said["deauthorize_time"] = rfc3339(card["withdrawn_at"])
    return json_response(said)


@blueprint.post("/v3/businesscircle/parkings")
def take_parking() -> Response:
    """A car of a person who authorised came or left."""
    body = pay.read_body()
    _ensure_brand(body.get("brandid"))
    _ensure_app(body.get("appid"), str(body.get("openid") or ""), body.get("sub_mchid"))
    pay.need(body.get("state") in ("IN", "OUT"), "state 不合法")
    pay.need(2 <= len(str(body.get("plate_number") or "")) <= 16, "plate_number 不合法")
    pay.need(bool(_MOMENT.fullmatch(str(body.get("time", "")))), "time 不合法")
    _ensure_authorised(body["openid"])
    facts.note_parking(world(), body, json.dumps(body, ensure_ascii=False))
    return Response(b"", 204)


@blueprint.get("/v3/businesscircle/users/<openid>/points/commit_status")
def commit_status(openid: str) -> Response:
    """Whether a person has payments of today that they have to hand in."""
    _ensure_brand(request.args.get("brandid", type=int))
    _ensure_app(request.args.get("appid"), openid, request.args.get("sub_mchid"))
    _ensure_authorised(openid)
    return json_response({"points_commit_status": "PENDING" if facts.has_to_submit(world(), openid) else "FINISHED"})


def _ensure_app(appid: object, openid: str, sub_mchid: object) -> None:
    pay.need(appid == world().settings.mini_appid, "appid 和 mchid 不匹配")
    pay.need(people.find(world().store, "mini_openid", openid) is not None, "openid 不合法")
    if sub_mchid is not None:
        raise PayRefusal(403, "NO_AUTH", "沙盒只有一个商圈，就是签名的商户号")


def _ensure_brand(brand_id: object) -> None:
    pay.need(brand_id == world().settings.circle_brand_id, "brandid 与商户号不匹配")


def _ensure_authorised(openid: str) -> None:
    if facts.state_of(world(), openid) != facts.AUTHORISED:
        raise PayRefusal(403, "NO_AUTH", "用户未授权商圈积分服务")
