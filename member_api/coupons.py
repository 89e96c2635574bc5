"""My coupons."""

import re
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from app.benefits.coupons import queries as benefit_queries
from app.identity import queries as identity_queries
from app.kernel import clock
from app.kernel.errors import NotFound
from app.web import member_auth
from app.web.member_auth import Caller
from app.web.pages import qr
from member_api.kit import answers, kit, views

blueprint = kit.make_blueprint("coupons", "The member's coupons")

LARGEST_ID = 2**63 - 1
_ID = re.compile(r"[0-9]{1,19}")


class ListRequest(kit.PageRequest):
    """Which coupons."""

    status = fields.String(load_default="usable", validate=validate.OneOf(["usable", "used", "expired"]))


@blueprint.get("/members/me/coupons")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.arguments(ListRequest, location="query")
@blueprint.response(200, answers.CouponPageView)
@member_auth.member_required
def list_mine(caller: Caller, page: dict[str, Any]) -> ResponseReturnValue:
    """A page of my coupons, the newest first."""
    now = clock.now()
    member_id = caller.member.id
    person_ids = identity_queries.list_person_ids(member_id)
    asked, status = kit.asked(page), page["status"]
    found = benefit_queries.list_coupons(member_id, person_ids, status=status, now=now, asked=asked)
    return jsonify({"items": views.coupons(list(found), now=now), "next_cursor": found.next})


@blueprint.get("/members/me/coupons/<string:coupon_id>")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, answers.CouponDetailView)
@blueprint.alt_response(404, schema=kit.ErrorView)
@member_auth.member_required
def show(caller: Caller, coupon_id: str) -> ResponseReturnValue:
    """One of my coupons, with its code as a picture."""
    if not _ID.fullmatch(coupon_id) or int(coupon_id) > LARGEST_ID:
        raise NotFound(coupon=coupon_id)
    rows = benefit_queries.list_with_campaigns(identity_queries.list_person_ids(caller.member.id), [int(coupon_id)])
    if not rows:
        raise NotFound(coupon=coupon_id)
    coupon = views.coupons(rows, now=clock.now())[0]
    return jsonify({**coupon, "svg": qr.data_uri(coupon["code"])})
