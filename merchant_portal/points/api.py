"""The JSON of points at the till: ask a member for them, see whether they said yes, give up, undo, today's list."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from marshmallow import RAISE, Schema, fields, validate

from app.access import staff_lists
from app.access.staff_queries import SignedIn, Stand
from app.flows.points import till_points
from app.flows.points.till_points import Taker
from app.identity import queries as members
from app.identity.errors import MemberCodeInvalid
from app.kernel import clock
from app.kernel.db import atomic
from app.points.till import queries
from app.points.till.models import PointsPayment
from app.web import commands
from app.web.staff.auth import store_required
from merchant_portal.kit import attempts
from merchant_portal.points import payment_views

blueprint = Blueprint("points_api", __name__, url_prefix="/api/points")

MOST_POINTS = 10_000_000
LONGEST_LIST = 50


class PaymentRequest(Schema):
    """How many points a member is asked for; `member` is who the look-up showed."""

    class Meta:
        unknown = RAISE

    member = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{32}$"))
    points = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_POINTS))


_PAYMENT = PaymentRequest()


def taker_of(who: SignedIn, stand: Stand) -> Taker:
    """The person and the store as the flow names them."""
    return Taker(
        mall_id=stand.mall_id,
        merchant_id=stand.merchant_id,
        store_id=stand.store_id,
        store_name=stand.store_name,
        used_by=f"store:{stand.store_id}",
        actor=who.actor,
        staff_id=who.staff_id,
    )


@blueprint.post("/payments")
@store_required("points_payment.create")
def ask(who: SignedIn, stand: Stand) -> ResponseReturnValue:
    """Ask a member whose code was scanned for points, once per Idempotency-Key: paid, or waiting for their phone."""
    asked: dict[str, Any] = _PAYMENT.load(request.get_json())
    now = clock.now()
    with atomic():
        attempts.count("points", who, now=now)

    def act() -> commands.Answer:
        member = members.find_member_by_public_id(asked["member"])
        if member is None:
            raise MemberCodeInvalid
        payment = till_points.ask_for_points(member.id, asked["points"], taker_of(who, stand), now=now)
        return 201, payment_views.payment(payment, now=now)

    return commands.run_once(who.caller, {**asked, "store": stand.store_id}, act)


@blueprint.get("/payments/<payment_id>")
@store_required("points_payment.create")
def show(who: SignedIn, stand: Stand, payment_id: str) -> ResponseReturnValue:
    """How a payment of this store stands now."""
    payment = queries.find_in_store(payment_id, store_id=stand.store_id)
    return jsonify(payment_views.payment(payment, now=clock.now()))


@blueprint.post("/payments/<payment_id>/withdraw")
@store_required("points_payment.create")
def withdraw(who: SignedIn, stand: Stand, payment_id: str) -> ResponseReturnValue:
    """Give up a payment that waits for the member."""
    return _end(who, stand, payment_id, till_points.withdraw_payment)


@blueprint.post("/payments/<payment_id>/undo")
@store_required("points_payment.undo")
def undo(who: SignedIn, stand: Stand, payment_id: str) -> ResponseReturnValue:
    """Undo a payment of this store within a quarter of an hour."""
    return _end(who, stand, payment_id, till_points.undo_payment)


def _end(who: SignedIn, stand: Stand, payment_id: str, end: Callable[..., PointsPayment]) -> ResponseReturnValue:
    """Once per Idempotency-Key; `end` takes the payment, who ends it and the time."""
    now = clock.now()

    def act() -> commands.Answer:
        seen = queries.find_in_store(payment_id, store_id=stand.store_id)
        return 200, payment_views.payment(end(seen, taker_of(who, stand), now=now), now=now)

    return commands.run_once(who.caller, {"store": stand.store_id}, act)


@blueprint.get("/today")
@store_required("points_payment.create")
def list_today(who: SignedIn, stand: Stand) -> ResponseReturnValue:
    """What this store was paid with points today, summed, and the payments with those that wait or were undone."""
    now = clock.now()
    since = clock.start_of_day(clock.business_date(now))
    found = queries.list_of_store(stand.store_id, since=since, limit=LONGEST_LIST)
    people = staff_lists.clerks_by_id({one.staff_id for one in found if one.staff_id is not None})
    names = {staff_id: clerk.name for staff_id, clerk in people.items()}
    items = [payment_views.payment(one, now=now) | {"clerk": names.get(one.staff_id or 0, "")} for one in found]
    return jsonify(queries.sum_of_store(stand.store_id, since=since)._asdict() | {"items": items})
