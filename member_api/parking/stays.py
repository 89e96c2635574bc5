"""Where my cars are parked, what that costs, and paying it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from app.benefits.coupons import queries as benefit_queries
from app.flows import parking
from app.flows.parking import PaymentChoice
from app.kernel import clock
from app.kernel.errors import NotFound
from app.parking import history
from app.parking.car_parks import rules
from app.parking.history import Split
from app.parking.payment import payments, queries
from app.parking.payment import rules as payment_rules
from app.parking.payment.models import ParkingPayment, PaymentStatus
from app.parking.payment.quotes import Offer
from app.parking.sessions import queries as session_queries
from app.parking.sessions import rules as session_rules
from app.parking.sessions.queries import Parked
from app.payments import queries as order_queries
from app.payments.models import PaymentOrder
from app.web import commands, filters, member_auth
from app.web.member_auth import Caller
from member_api.kit import kit, paying, views
from member_api.parking import answers, parts

blueprint = kit.make_blueprint("parking", "The member's parked cars")

_LARGEST_ID = 2**63 - 1
_MOST_POINTS = 10**9


class PayRequest(kit.Strict):
    """How a quote is paid: these coupons, at most so many points, the rest in cash."""

    quote_id = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{32}$"))
    coupon_ids = fields.List(
        fields.String(validate=validate.Regexp(r"^[0-9]{1,19}$")),
        load_default=list,
        validate=validate.Length(0, payment_rules.MOST_COUPONS),
    )
    points = kit.MoneyCount(load_default=0, validate=validate.Range(0, _MOST_POINTS))


@blueprint.get("/members/me/parking")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, answers.ParkedListView)
@member_auth.member_required
def list_mine(caller: Caller) -> ResponseReturnValue:
    """My cars that are in a car park now, and what they owe."""
    now, parked = clock.now(), session_queries.list_parked(caller.member.id)
    splits = history.split_of_stays(caller.member.id, [one.session.id for one in parked])
    return jsonify(
        {"sessions": [_session(caller.member.id, one, splits.get(one.session.id), now=now) for one in parked]}
    )


def _session(member_id: int, parked: Parked, split: Split | None, *, now: datetime) -> dict[str, Any]:
    session, (stay, tier) = parked.session, parking.price_stay(member_id, parked, now=now)
    is_due = session_rules.due_now(stay, exit_by=session.exit_by) > 0
    return {
        "id": session.public_id,
        "car_park": parked.car_park.name,
        "mall": parked.mall.name,
        "plate": session.plate,
        "entered_at": views.moment(session.entered_at),
        "minutes": max(0, int((now - session.entered_at).total_seconds()) // 60),
        "fee_fen": stay.fee_fen,
        "paid_fen": session.settled_fen,
        "paid_split": None if split is None else parts.split(split),
        "due_fen": stay.open_fen if is_due else 0,
        "free": _free(stay, tier) if is_due else None,
        "free_minutes": parked.tariff.free_minutes,
        "exit_by": views.moment(session.exit_by),
        "tariff_text": _tariff_text(parked.tariff),
    }


def _tariff_text(tariff: rules.Tariff) -> str:
    """`30 分钟内免费，超过后每 1 小时 ¥6（不足 1 小时按 1 小时计），24 小时最高 ¥60`."""
    step = filters.minutes_text(tariff.step_minutes)
    free = f"{filters.minutes_text(tariff.free_minutes)}内免费，超过后" if tariff.free_minutes else ""
    price, cap = filters.short_yuan(tariff.step_fen), filters.short_yuan(tariff.daily_cap_fen)
    return f"{free}每 {step} {price}（不足 {step}按 {step}计），24 小时最高 {cap}"


@blueprint.post("/members/me/parking/<string:session_id>/quote")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.response(200, answers.QuoteView)
@blueprint.alt_response(404, schema=kit.ErrorView)
@blueprint.alt_response(409, schema=kit.ErrorView)
@member_auth.member_required
def quote(caller: Caller, session_id: str) -> ResponseReturnValue:
    """What is due for the next five minutes (`fee_fen`), the cheapest mix for me, and what else I could use."""
    return commands.run_once(caller.name, {}, lambda: _quote(caller, parts.public_id(session_id)))


def _quote(caller: Caller, session_id: str) -> commands.Answer:
    offer = parking.quote_stay(caller.member.id, session_id, now=clock.now())
    coupon_ids = [hours.coupon_id for hours in offer.usable]
    rows = benefit_queries.list_with_campaigns([caller.member.id], coupon_ids)
    return 200, _offer(offer, {coupon.id: campaign.title for coupon, campaign in rows})


def _offer(offer: Offer, titles: dict[int, str]) -> dict[str, Any]:
    proposal, open_fen = offer.proposal, offer.stay.open_fen
    alone = [
        payment_rules.Cover(hours.coupon_id, hours.minutes, open_fen - offer.stay.due_after(hours.minutes))
        for hours in offer.usable
    ]
    return {
        "quote_id": offer.quote.public_id,
        "valid_until": views.moment(offer.quote.valid_until),
        "fee_fen": offer.quote.due_fen,
        "free": _free(offer.stay, offer.quote.tier_code),
        "points_factor_bps": offer.quote.points_factor_bps,
        "proposal": {
            "coupons": _covers(proposal.coupons, titles),
            "points": {"points": proposal.points, "covers_fen": proposal.points_fen},
            "cash_fen": proposal.cash_fen,
        },
        "alternatives": {"max_points": offer.most_points, "coupons": _covers(alone, titles)},
    }


def _free(stay: session_rules.Stay, tier: str | None) -> dict[str, Any] | None:
    covers_fen, name = stay.free_fen, parts.tier_name(tier)
    return {"tier": name, "minutes": stay.free_minutes, "covers_fen": covers_fen} if covers_fen else None


def _covers(covers: Sequence[payment_rules.Cover], titles: dict[int, str]) -> list[dict[str, Any]]:
    return [
        {
            "id": str(cover.coupon_id),
            "title": titles.get(cover.coupon_id, ""),
            "minutes": cover.minutes,
            "covers_fen": cover.covers_fen,
        }
        for cover in covers
    ]


@blueprint.post("/members/me/parking/<string:session_id>/pay")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.arguments(PayRequest)
@blueprint.response(200, answers.PaymentBegunView)
@blueprint.alt_response(404, schema=kit.ErrorView)
@blueprint.alt_response(409, schema=kit.ErrorView)
@member_auth.member_required
def pay(caller: Caller, wish: dict[str, Any], session_id: str) -> ResponseReturnValue:
    """Pay a quote. Where cash is due the answer carries what WeChat Pay needs; the car may go when that is paid.

    The effect happens once per key; the answer shows the payment as it stands, so a repeat also fetches parameters
    that a broken call to WeChat Pay left out.
    """
    kept = commands.run_once(caller.name, wish, lambda: _begin(caller, parts.public_id(session_id), wish))
    payment_id = (kept.get_json() or {})["payment_id"]
    paying.place_order(caller.member.id, purpose=payments.PURPOSE, reference=payment_id)
    return jsonify(_standing(caller.member.id, payment_id))


def _begin(caller: Caller, session_id: str, wish: dict[str, Any]) -> commands.Answer:
    coupon_ids = [int(one) for one in wish["coupon_ids"] if int(one) <= _LARGEST_ID]
    if len(coupon_ids) != len(wish["coupon_ids"]):
        raise NotFound(coupon_ids=wish["coupon_ids"])
    payment = parking.begin_payment(
        caller.member.id,
        session_id,
        PaymentChoice(quote_id=wish["quote_id"], coupon_ids=coupon_ids, points=wish["points"]),
        payer=paying.payer_of(caller),
        now=clock.now(),
    )
    return 200, {"payment_id": payment.public_id}


def _find_order(payment: ParkingPayment) -> PaymentOrder | None:
    return order_queries.find_order(payment.member_id, purpose=payments.PURPOSE, reference=payment.public_id)


def _standing(member_id: int, payment_id: str) -> dict[str, Any]:
    payment = queries.get_payment(member_id, payment_id)
    order = _find_order(payment) if payment.status == PaymentStatus.AWAITING_CASH.value else None
    return {"payment": _payment(payment), "wechat_pay": order.pay_params if order is not None else None}


def _payment(payment: ParkingPayment) -> dict[str, Any]:
    return {
        "id": payment.public_id,
        "status": payment.status,
        "cash_fen": payment.cash_fen,
        "due_fen": payment.due_fen,
        "split": parts.split(history.split_of(payment.member_id, [payment])[payment.id]),
        "exit_by": views.moment(payment.exit_by),
    }


@blueprint.get("/members/me/parking/payments/<string:payment_id>")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, answers.PaymentView)
@blueprint.alt_response(404, schema=kit.ErrorView)
@member_auth.member_required
def show_payment(caller: Caller, payment_id: str) -> ResponseReturnValue:
    """How a payment stands: awaiting_cash, paid, or released when it was given up."""
    return jsonify(_payment(queries.get_payment(caller.member.id, parts.public_id(payment_id))))
