"""The JSON of the scan page: look up, redeem, undo, today's list, and the signature for WeChat's scanner."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from app.access.staff_queries import SignedIn, Stand
from app.benefits.coupons import rules
from app.flows import redemptions
from app.flows.hot import redemption as hot
from app.flows.redemptions import LookedUp, Redeemed, Till
from app.identity.codes import member_codes
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.distribution import database
from app.kernel.errors import Forbidden, Throttled
from app.kernel.idempotency import Command, KeptAnswer
from app.verification import throttle
from app.web import commands, context
from app.web.pages import pages
from app.web.staff.auth import store_required
from merchant_portal.kit import attempts, today
from merchant_portal.points import payment_views
from merchant_portal.scan import coupon_views
from merchant_portal.scan.schemas import LookupRequest, RedemptionRequest, SpokenRequest

blueprint = Blueprint("api", __name__, url_prefix="/api", template_folder="templates")

# Digits could be guessed where codes cannot.
SPOKEN_PER_QUARTER = 30
# Making a schema costs more than loading by it.
_LOOKUP, _SPOKEN, _REDEMPTION = LookupRequest(), SpokenRequest(), RedemptionRequest()


def till_of(who: SignedIn, stand: Stand) -> Till:
    """The person and the store as the flows name them."""
    return Till(
        mall_id=stand.mall_id,
        merchant_id=stand.merchant_id,
        store_id=stand.store_id,
        store_name=stand.store_name,
        floor=stand.floor,
        staff_id=who.staff_id,
        staff_name=who.name,
    )


def _body(schema: Schema) -> dict[str, Any]:
    """The request's JSON, checked; raises ValidationError, and 415 or 400 for what is no JSON."""
    loaded: dict[str, Any] = schema.load(request.get_json())
    return loaded


@blueprint.post("/lookups")
@store_required("coupon.look_up")
def look_up(who: SignedIn, stand: Stand) -> ResponseReturnValue:
    """What a scanned code is: a coupon, with the refusal if it cannot be used here; or a member and their coupons."""
    code = _body(_LOOKUP)["code"]
    now = clock.now()
    with atomic():
        attempts.count("lookup", who, now=now)
    if member_codes.looks_like_one(code):
        return jsonify(_look_up_member(code, till_of(who, stand), now))
    seen = redemptions.look_up_coupon(code, till_of(who, stand), now=now)
    member = coupon_views.member_view(seen.facts.member_id)
    return jsonify({"kind": "coupon", "member": member, "coupon": coupon_views.coupon_view(seen)})


def _look_up_member(code: str, till: Till, now: datetime) -> dict[str, Any]:
    with atomic():
        return _found_member(till, *redemptions.look_up_member(code, till, now=now))


def _found_member(till: Till, member_id: int, seen: list[LookedUp]) -> dict[str, Any]:
    return {
        "kind": "member",
        "member": coupon_views.member_view(member_id),
        "coupons": [coupon_views.coupon_view(one) for one in seen],
        "points": payment_views.purse(member_id, mall_id=till.mall_id),
    }


@blueprint.post("/lookups/spoken")
@store_required("coupon.look_up")
def look_up_spoken(who: SignedIn, stand: Stand) -> ResponseReturnValue:
    """The member who says the end of their phone and the digits that it shows, with their coupons for this store."""
    said, now = _body(_SPOKEN), clock.now()
    with atomic():
        bucket = f"spoken:staff:{who.staff_id}"
        throttle.count_attempt(bucket, limit=SPOKEN_PER_QUARTER, window_s=15 * 60, now=now)
    till = till_of(who, stand)
    with atomic():
        found = redemptions.look_up_spoken(said["phone_tail"], said["digits"], till, now=now)
        return jsonify(_found_member(till, *found))


@blueprint.post("/redemptions")
@store_required("redemption.create")
def redeem(who: SignedIn, stand: Stand) -> ResponseReturnValue:
    """Redeem a coupon in this store, once per Idempotency-Key."""
    asked = _body(_REDEMPTION)
    till, now, payload = till_of(who, stand), clock.now(), {**asked, "store": stand.store_id}
    try:
        with atomic():
            attempts.count("redeem", who, now=now)
    except Throttled:  # what was done before the answer was lost is said also to who has to wait
        answered = commands.find_answer(who.caller, payload)
        if answered is None:
            raise
        return answered
    code, spend_fen = asked["code"], asked["spend_fen"]

    def answer(done: Redeemed) -> commands.Answer:
        return 201, _redemption_view(done, stand)

    def act() -> commands.Answer:
        return answer(redemptions.redeem_coupon(code, till, spend_fen=spend_fen, now=now))

    def act_whole(command: Command) -> KeptAnswer | None:
        return hot.redeem_coupon(code, till, spend_fen=spend_fen, command=command, answer=answer, now=now)

    whole = None if database.is_distributed() else commands.run_whole(who.caller, payload, act_whole)
    return whole if whole is not None else commands.run_once(who.caller, payload, act, look_first=False)


def _redemption_view(done: Redeemed, stand: Stand) -> dict[str, Any]:
    return {
        "id": done.redemption_id,
        "title": done.facts.campaign_title,
        "face_text": coupon_views.face_text(done.facts),
        "discount_fen": done.discount_fen,
        "mall_fen": done.mall_fen,
        "merchant_fen": done.merchant_fen,
        "redeemed_at": done.redeemed_at.isoformat(),
        "undo_until": (done.redeemed_at + rules.REVERSAL_WINDOW).isoformat(),
        "store": stand.store_name,
    }


@blueprint.post("/redemptions/<redemption_id>/undo")
@store_required("redemption.undo")
def undo(who: SignedIn, stand: Stand, redemption_id: str) -> ResponseReturnValue:
    """Take back a redemption of this store within fifteen minutes, once per Idempotency-Key."""
    till, now = till_of(who, stand), clock.now()

    def act() -> commands.Answer:
        redemptions.reverse_redemption(redemption_id, till, now=now)
        return 200, {"id": redemption_id, "reversed_at": now.isoformat()}

    return commands.run_once(who.caller, {"store": stand.store_id}, act)


@blueprint.get("/today")
@store_required("redemption.list")
def list_today(who: SignedIn, stand: Stand) -> ResponseReturnValue:
    """Today's totals of this store and its newest redemptions."""
    day = today.read(stand)
    return jsonify(
        {
            "day": clock.business_date(clock.now()).isoformat(),
            "count": day.total.count,
            "discount_fen": day.total.discount_fen,
            "mall_fen": day.total.mall_fen,
            "items": [_use_view(use) for use in day.uses],
        }
    )


@blueprint.get("/wechat-signature")
@store_required("coupon.look_up")
def sign_for_wechat(who: SignedIn, stand: Stand) -> ResponseReturnValue:
    """What `wx.config` needs on one page of the portal, named by `?page=`; raises Forbidden for any other address."""
    page = request.args.get("page", "")
    if pages.find_own_page(page) is None:
        raise Forbidden(page=page[:200])
    config = context.gateway().official.jsapi_signature(page)
    return jsonify(
        {
            "appId": config.app_id,
            "timestamp": config.timestamp,
            "nonceStr": config.nonce,
            "signature": config.signature,
        }
    )


def _use_view(use: today.Use) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(use).items()}
