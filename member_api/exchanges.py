"""Coupons that I can have for my points, or points and cash."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.benefits.campaigns.wording import audience
from app.benefits.exchanges import exchanges, queries, wording
from app.benefits.exchanges.models import CouponExchange, ExchangeStatus
from app.benefits.exchanges.queries import ExchangeOffer
from app.flows.points import exchanges as flow
from app.flows.points.exchanges import ExchangeChoice
from app.kernel import clock
from app.payments import queries as order_queries
from app.points.ledger import queries as points_queries
from app.web import commands, member_auth
from app.web.member_auth import Caller
from member_api.kit import answers, kit, paying, views
from member_api.kit.kit import MoneyCount

blueprint = kit.make_blueprint("exchanges", "Coupons for points")


class ExchangeOfferView(answers.OfferView):
    """What can be had for points. `affordable`: my points are enough; `left`: how many more I may get.

    `only_for`: whom it is for, where I am not one of them.
    """

    points = MoneyCount(required=True)
    cash_fen = MoneyCount(required=True)
    price = fields.String(required=True)
    affordable = fields.Boolean(required=True)
    left = MoneyCount(required=True)
    gone = fields.Boolean(required=True)
    only_for = fields.String(required=True, allow_none=True)


class ExchangeOfferListView(Schema):
    """What my mall gives for points: what I can have now first, then what is missing least. `rule` is what holds."""

    available = MoneyCount(required=True)
    rule = fields.String(required=True)
    items = fields.List(fields.Nested(ExchangeOfferView), required=True)


class ExchangeRequest(kit.Strict):
    """Which campaign, and the price that was shown."""

    campaign = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{32}$"))
    points = MoneyCount(required=True, validate=validate.Range(1, 10**9))
    cash_fen = MoneyCount(load_default=0, validate=validate.Range(0, 10**9))


class ExchangeView(Schema):
    """How an exchange stands; the coupon is mine once it is done."""

    id = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": [status.value for status in ExchangeStatus]})
    points = MoneyCount(required=True)
    cash_fen = MoneyCount(required=True)
    coupon = fields.String(required=True, allow_none=True)
    close_after = fields.DateTime(required=True)


class ExchangeBegunView(Schema):
    """An exchange, and what WeChat Pay needs where cash is due."""

    exchange = fields.Nested(ExchangeView, required=True)
    wechat_pay = fields.Dict(required=True, allow_none=True)


@blueprint.get("/members/me/exchanges")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, ExchangeOfferListView)
@member_auth.member_required
def list_offers(caller: Caller) -> ResponseReturnValue:
    """What I can have for points in my mall."""
    now, member = clock.now(), caller.member
    available = max(points_queries.get_balance(member.id, now=now).available_points, 0)
    found = queries.list_offers(member.id, mall_id=member.home_mall_id, now=now)
    return jsonify(
        {"available": available, "rule": wording.RULE, "items": _offers(_sorted(found, available), available, now=now)}
    )


def _sorted(found: Sequence[ExchangeOffer], available: int) -> list[ExchangeOffer]:
    """What can be had now first, the dearest of it first; then what is missing least; what is others' and gone last."""

    def place(offer: ExchangeOffer) -> tuple[bool, bool, bool, int]:
        is_out = offer.is_gone or offer.left_for_member == 0
        missing = max(0, offer.points - available)
        return is_out, bool(offer.tiers), missing > 0, missing or -offer.points

    return sorted(found, key=place)


def _offers(found: Sequence[ExchangeOffer], available: int, *, now: datetime) -> list[dict[str, Any]]:
    shown = views.campaign_offers([one.campaign for one in found], now=now)
    return [
        {
            **view,
            "points": one.points,
            "cash_fen": one.cash_fen,
            "price": wording.price(one.points, one.cash_fen),
            "affordable": one.points <= available,
            "left": one.left_for_member,
            "gone": one.is_gone,
            "only_for": audience(one.tiers) if one.tiers else None,
        }
        for one, view in zip(found, shown, strict=True)
    ]


@blueprint.post("/members/me/exchanges")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.arguments(ExchangeRequest)
@blueprint.response(200, ExchangeBegunView)
@blueprint.alt_response(404, schema=kit.ErrorView)
@blueprint.alt_response(409, schema=kit.ErrorView)
@member_auth.member_required
def exchange(caller: Caller, wish: dict[str, Any]) -> ResponseReturnValue:
    """Exchange points for a coupon at the price that was shown; where cash is due the answer says how to pay it.

    The effect happens once per key; the answer shows the exchange as it stands, so a repeat also fetches parameters
    that a broken call to WeChat Pay left out.
    """
    kept = commands.run_once(caller.name, wish, lambda: _begin(caller, wish))
    exchange_id = (kept.get_json() or {})["exchange_id"]
    paying.place_order(caller.member.id, purpose=exchanges.PURPOSE, reference=exchange_id)
    return jsonify(_standing(caller.member.id, exchange_id))


def _begin(caller: Caller, wish: dict[str, Any]) -> commands.Answer:
    choice = ExchangeChoice(campaign=wish["campaign"], points=wish["points"], cash_fen=wish["cash_fen"])
    begun = flow.exchange_coupon(
        caller.member.id,
        choice,
        mall_id=caller.member.home_mall_id,
        payer=paying.payer_of(caller),
        now=clock.now(),
    )
    return 200, {"exchange_id": begun.public_id}


def _standing(member_id: int, exchange_id: str) -> dict[str, Any]:
    found = queries.find_exchange(member_id, exchange_id)
    waits = found.status == ExchangeStatus.AWAITING_CASH.value
    order = order_queries.find_order(member_id, purpose=exchanges.PURPOSE, reference=exchange_id) if waits else None
    return {"exchange": _exchange(found), "wechat_pay": order.pay_params if order is not None else None}


def _exchange(found: CouponExchange) -> dict[str, Any]:
    is_done = found.status == ExchangeStatus.DONE.value
    return {
        "id": found.public_id,
        "status": found.status,
        "points": found.points,
        "cash_fen": found.cash_fen,
        "coupon": str(found.coupon_id) if is_done else None,
        "close_after": views.moment(found.close_after),
    }


@blueprint.get("/members/me/exchanges/<string:exchange_id>")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, ExchangeView)
@blueprint.alt_response(404, schema=kit.ErrorView)
@member_auth.member_required
def show(caller: Caller, exchange_id: str) -> ResponseReturnValue:
    """How an exchange stands: awaiting_cash, done, released when it was given up, or refunded: given back, unused."""
    return jsonify(_exchange(queries.find_exchange(caller.member.id, exchange_id)))


@blueprint.post("/members/me/exchanges/<string:exchange_id>/cancel")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.response(200, ExchangeView)
@blueprint.alt_response(404, schema=kit.ErrorView)
@member_auth.member_required
def cancel(caller: Caller, exchange_id: str) -> ResponseReturnValue:
    """Give up an exchange that waits for cash: the points are mine again. One that is done stays so."""

    def act() -> commands.Answer:
        flow.give_up_exchange(caller.member.id, exchange_id, now=clock.now())
        return 200, _exchange(queries.find_exchange(caller.member.id, exchange_id))

    return commands.run_once(caller.name, {}, act)
