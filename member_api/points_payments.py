"""Payments with points at tills that I am asked to confirm on my phone."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from app.flows.points import till_points
from app.kernel import clock
from app.malls import queries as malls
from app.points.till import queries, rules
from app.points.till.models import PointsPayment
from app.web import commands, member_auth
from app.web.member_auth import Caller
from member_api.kit import kit, views
from member_api.kit.kit import MoneyCount

blueprint = kit.make_blueprint("points_payments", "Points asked for at tills")


class AskedView(Schema):
    """What a store asks of me: points, what they are worth there, and until when I may say yes."""

    id = fields.String(required=True)
    store = fields.String(required=True)
    floor = fields.String(required=True)
    points = MoneyCount(required=True)
    worth_fen = MoneyCount(required=True)
    status = fields.String(required=True, metadata={"enum": ["awaiting", "paid", "released", "reversed"]})
    confirm_by = fields.DateTime(required=True)


class AskedListView(Schema):
    """What I am asked now, the latest first."""

    items = fields.List(fields.Nested(AskedView), required=True)


@blueprint.get("/members/me/points/payments")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, AskedListView)
@member_auth.member_required
def list_asking(caller: Caller) -> ResponseReturnValue:
    """What stores ask me to confirm now; nothing but while I stand at a till."""
    return jsonify({"items": _payments(queries.list_asking(caller.member.id, now=clock.now()))})


@blueprint.post("/members/me/points/payments/<string:payment_id>/confirm")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.response(200, AskedView)
@blueprint.alt_response(404, schema=kit.ErrorView)
@blueprint.alt_response(409, schema=kit.ErrorView)
@member_auth.member_required
def confirm(caller: Caller, payment_id: str) -> ResponseReturnValue:
    """Say yes: the points are spent."""
    return _answer(caller, lambda: till_points.confirm_payment(caller.member.id, payment_id, now=clock.now()))


@blueprint.post("/members/me/points/payments/<string:payment_id>/decline")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.response(200, AskedView)
@blueprint.alt_response(404, schema=kit.ErrorView)
@blueprint.alt_response(409, schema=kit.ErrorView)
@member_auth.member_required
def decline(caller: Caller, payment_id: str) -> ResponseReturnValue:
    """Say no: the points are free again."""
    return _answer(caller, lambda: till_points.decline_payment(caller.member.id, payment_id, now=clock.now()))


def _answer(caller: Caller, act: Callable[[], PointsPayment]) -> ResponseReturnValue:
    return commands.run_once(caller.name, {}, lambda: (200, _payments([act()])[0]))


def _payments(found: Sequence[PointsPayment]) -> list[dict[str, Any]]:
    now, stores = clock.now(), {one.store_id: malls.get_store(one.store_id) for one in found}
    return [
        {
            "id": one.public_id,
            "store": stores[one.store_id].name,
            "floor": stores[one.store_id].floor,
            "points": one.points,
            "worth_fen": one.worth_fen,
            "status": rules.status_at(one, now).value,
            "confirm_by": views.moment(one.confirm_by),
        }
        for one in found
    ]
