"""My points."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from app.identity import queries as identity_queries
from app.invitations import rule_sets as invitations
from app.invitations import wording as invitation_words
from app.kernel import clock
from app.malls import queries as malls
from app.malls.wording import CATEGORIES
from app.points.earning import documents, rule_sets, wording
from app.points.expiry import policies
from app.points.expiry import wording as expiry_wording
from app.points.ledger import hold_queries, returns
from app.points.ledger import queries as points_queries
from app.points.ledger.models import PointsEntry, PointsHold
from app.points.till import facts as till_facts
from app.points.worth import factors
from app.points.worth import rules as worth
from app.points.worth import wording as worth_wording
from app.web import member_auth, reasons
from app.web.member_auth import Caller
from member_api.kit import kit, points_answers, views

blueprint = kit.make_blueprint("points", "The member's points")


@blueprint.get("/members/me/points")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.arguments(kit.PageRequest, location="query")
@blueprint.response(200, points_answers.PointsView)
@member_auth.member_required
def list_mine(caller: Caller, page: dict[str, Any]) -> ResponseReturnValue:
    """The balance and a page of entries, the newest first."""
    now = clock.now()
    balance, factor_bps = points_queries.get_balance(caller.member.id, now=now), factors.at(now)
    holds = hold_queries.list_current(caller.member.id, now=now) if balance.held_points else []
    entries = points_queries.list_entries(identity_queries.list_person_ids(caller.member.id), asked=kit.asked(page))
    late = returns.list_late(list(entries))
    expiring = (
        {"points": balance.expiring_points, "on": balance.expiring_on.isoformat()} if balance.expiring_on else None
    )
    return jsonify(
        {
            "available": balance.available_points,
            "worth_fen": worth.worth_fen(max(balance.available_points, 0), factor_bps),
            "owed": balance.debt_points,
            "factor_bps": factor_bps,
            "frozen_points": balance.held_points,
            "holds": [_hold(one) for one in holds],
            "expiring": expiring,
            "items": [_entry(entry, late.get(entry.id, 0)) for entry in entries],
            "next_cursor": entries.next,
        }
    )


@blueprint.get("/members/me/points/rules")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, points_answers.EarningRulesView)
@member_auth.member_required
def show_rules(caller: Caller) -> ResponseReturnValue:
    """What spending earns in my mall today and what points buy, in words that follow from the rules themselves."""
    mall_id = caller.member.home_mall_id
    today = clock.business_date(clock.now())
    rules = rule_sets.in_force(mall_id, today)
    stores = {store.code: store.name for store in malls.list_open_stores(mall_id)}
    friend_when = invitation_words.when(invitations.in_force(mall_id, today))
    lines = wording.say(rules, stores=stores, categories=CATEGORIES, friend_when=friend_when)
    spent = worth_wording.say(factors.in_force(today), coming=factors.find_coming(today=today))
    kept = expiry_wording.say(policies.in_force(today), coming=policies.find_coming(today=today))
    return jsonify({"lines": [*lines, *spent, *kept]})


def _hold(one: PointsHold) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "points": one.points,
        "title": reasons.reason_of(one),
        "payment": till_facts.payment_of(one.fact),
        "at": views.moment(one.held_at),
        "until": views.moment(one.until),
    }


def _entry(entry: PointsEntry, late_points: int) -> dict[str, Any]:
    return {
        "id": str(entry.id),
        "points": entry.points,
        "balance": entry.balance_after,
        "title": reasons.reason_of(entry),
        "sum": _grace(entry, late_points) if late_points else _sum(entry),
        "at": views.moment(entry.occurred_at),
    }


def _sum(entry: PointsEntry) -> str | None:
    return None if entry.breakdown is None else wording.explain(documents.to_breakdown(entry.breakdown))


def _grace(entry: PointsEntry, late_points: int) -> str:
    """Until when points are good that came back too late for their own last day, by the rules of that day."""
    day = clock.business_date(entry.occurred_at)
    until = policies.in_force(day).last_day_of_grace(day)
    return expiry_wording.returned_line(late_points, until, of_points=entry.points)
