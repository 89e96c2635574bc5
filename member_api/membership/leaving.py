"""Leaving: what it would cost, and doing it."""

import logging
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import validate

from app.flows.members import leaving
from app.flows.members.leaving import Cost
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web import commands, context, errors, member_auth
from app.web.member_auth import Caller
from member_api.kit import kit, leaving_answers, views

blueprint = kit.make_blueprint("leaving", "Ending the membership for good")

_MOST = 10**12

logger = logging.getLogger(__name__)


class LeaveRequest(kit.Strict):
    """What the person was told it costs: leaving never takes more than that."""

    points = kit.MoneyCount(required=True, validate=validate.Range(0, _MOST))
    coupons = kit.MoneyCount(required=True, validate=validate.Range(0, _MOST))


@blueprint.get("/members/me/leaving")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, leaving_answers.LeavingNoticeView)
@member_auth.member_required
def notice(caller: Caller) -> ResponseReturnValue:
    """What I would lose by leaving now, and what is in the way."""
    told = leaving.preview_leaving(caller.member.id, now=clock.now())
    return jsonify(
        {
            "cost": _cost(told.cost),
            "cars_parked": told.cars_parked,
            "debt_points": told.debt_points,
            "remembered_days": context.settings().memory_days,
            "obstacle": None if told.obstacle is None else _obstacle(told.obstacle),
        }
    )


def _cost(cost: Cost) -> dict[str, int]:
    return {"points": cost.points, "coupons": cost.coupons}


def _obstacle(why: DomainError) -> dict[str, str]:
    return {"code": why.code, "message": errors.message_of(why.code, errors.told_facts(why))}


@blueprint.post("/members/me/leaving")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.arguments(LeaveRequest)
@blueprint.response(200, leaving_answers.LeftView)
@blueprint.alt_response(409, schema=kit.ErrorView)
def leave(told: dict[str, Any]) -> ResponseReturnValue:
    """Leave for good, at the cost I was told. It withdraws my consent, ends every session and frees my phone.

    The same request again gets the first answer, although its session is over.
    """
    return _told_again(told) or _leave(member_auth.caller(), told)


def _told_again(told: dict[str, Any]) -> ResponseReturnValue | None:
    leaver = member_auth.find_leaver()
    return None if leaver is None else commands.find_answer(leaver, told)


def _leave(caller: Caller, told: dict[str, Any]) -> ResponseReturnValue:
    member_id = caller.member.id

    def act() -> commands.Answer:
        cost = Cost(points=told["points"], coupons=told["coupons"])
        left = leaving.let_member_leave(
            member_id, told=cost, now=clock.now(), remembered_days=context.settings().memory_days
        )
        return 200, {"cost": _cost(left.cost), "closed_at": views.moment(left.closed_at)}

    response = commands.run_once(caller.name, told, act)
    logger.info("member left", extra={"member_id": member_id})
    return response
