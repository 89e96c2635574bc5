"""My tier: where I stand and until when, what it takes to rise and to stay, what every tier gives, and my growth."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from app.benefits.campaigns import queries as campaigns
from app.benefits.tier_benefits import benefits
from app.benefits.tier_benefits import wording as benefit_words
from app.identity import queries as identity_queries
from app.invitations import rule_sets as invitations
from app.invitations import wording as invitation_words
from app.kernel import clock
from app.malls import queries as malls
from app.points.earning import rule_sets as earning
from app.points.earning import wording as earning_words
from app.points.earning.extras import TierExtra
from app.tiers.growth import growth, rule_sets
from app.tiers.growth import queries as growth_queries
from app.tiers.growth import wording as growth_words
from app.tiers.growth.models import GrowthEntry
from app.tiers.ladders import ladders
from app.tiers.ladders import wording as ladder_words
from app.tiers.perks import perks
from app.tiers.perks.perks import Rung
from app.tiers.standings import queries as standings
from app.tiers.standings import rules
from app.tiers.standings.models import Why
from app.tiers.standings.standings import Stand, of_period
from app.web import member_auth, reasons
from app.web.member_auth import Caller
from member_api.kit import kit, views
from member_api.kit.kit import MoneyCount

blueprint = kit.make_blueprint("tiers", "The member's tier")


class RungView(Schema):
    """A tier, what it gives in the member's mall by its rules (`gives`), and what the mall says of it (`perks`)."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    threshold = MoneyCount(required=True)
    gives = fields.List(fields.String(), required=True)
    perks = fields.List(fields.String(), required=True)


class PeriodView(Schema):
    """My period: its last day, my growth in it, and what is missing to stay; `falls_to` is where it leads without."""

    last_day = fields.Date(required=True)
    growth = MoneyCount(required=True)
    missing = MoneyCount(required=True)
    falls_to = fields.String(required=True, allow_none=True)


class LadderView(Schema):
    """My growth, what of it counts for rising, my tier, all tiers from the lowest up, and the rules in sentences."""

    growth = MoneyCount(required=True)
    counting = MoneyCount(required=True)
    code = fields.String(required=True)
    period = fields.Nested(PeriodView, required=True, allow_none=True)
    ladder = fields.List(fields.Nested(RungView), required=True)
    lines = fields.List(fields.String(), required=True)
    earning = fields.List(fields.String(), required=True)


class GrowthEntryView(Schema):
    """One change of my growth, and why."""

    id = fields.String(required=True)
    growth = fields.Integer(required=True)
    after = MoneyCount(required=True)
    title = fields.String(required=True)
    at = fields.DateTime(required=True)


class GrowthView(Schema):
    """A page of my growth, the newest first."""

    items = fields.List(fields.Nested(GrowthEntryView), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


@blueprint.get("/members/me/tier")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, LadderView)
@member_auth.member_required
def show(caller: Caller) -> ResponseReturnValue:
    """Where I stand on the ladder of my mall."""
    now, member = clock.now(), caller.member
    today = clock.business_date(now)
    stand = standings.stand_of(member.id, now=now)
    friend_when = invitation_words.when(invitations.in_force(member.home_mall_id, today))
    return jsonify(
        {
            "growth": growth.value_of(member.id),
            "counting": growth.counted(member.id, after=stand.ladder.counts_after(now), until=now),
            "code": stand.tier,
            "period": _period(member.id, stand, now=now),
            "ladder": _rungs(member.home_mall_id, now=now),
            "lines": ladder_words.period_lines(stand.ladder),
            "earning": growth_words.say(rule_sets.in_force(today), friend_when=friend_when),
        }
    )


def _period(member_id: int, stand: Stand, *, now: datetime) -> dict[str, Any] | None:
    held = stand.held
    if held is None or held.ends_at is None or held.last_day is None:
        return None
    so_far = of_period(member_id, held, until=now)
    ladder = ladders.in_force(clock.business_date(held.ends_at))
    then = rules.after_end(held, ladder, counted=so_far)
    falls = then.why is Why.FALLEN
    return {
        "last_day": held.last_day.isoformat(),
        "growth": so_far,
        "missing": ladder.rung_of(held.tier).threshold - so_far if falls else 0,
        "falls_to": ladder.rung_of(then.tier).name if falls else None,
    }


def _rungs(mall_id: int, *, now: datetime) -> list[dict[str, Any]]:
    today = clock.business_date(now)
    said = benefits.in_force(mall_id, today)
    titles = {one.public_id: one.title for one in campaigns.list_campaigns(mall_id)} if said.has_allowances else {}
    stores = {store.code: store.name for store in malls.list_stores(mall_id=mall_id)}
    more = {one.tier: one.bps for one in earning.in_force(mall_id, today).extras if isinstance(one, TierExtra)}
    return [
        _rung(
            rung,
            [
                *([f"消费积分{earning_words.added(more[rung.code])}"] if rung.code in more else []),
                *benefit_words.say(said.of(rung.code), campaigns=titles, stores=stores),
            ],
        )
        for rung in perks.list_ladder(mall_id, today=today)
    ]


def _rung(rung: Rung, gives: Sequence[str]) -> dict[str, Any]:
    """What the mall says of a tier is shown beside what its rules give: what they say already is not said twice."""
    return {
        "code": rung.code,
        "name": rung.name,
        "threshold": rung.threshold,
        "gives": list(gives),
        "perks": [line for line in rung.lines if line not in gives],
    }


@blueprint.get("/members/me/growth")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.arguments(kit.PageRequest, location="query")
@blueprint.response(200, GrowthView)
@member_auth.member_required
def list_growth(caller: Caller, page: dict[str, Any]) -> ResponseReturnValue:
    """A page of what changed my growth and why, the newest first."""
    ids = identity_queries.list_person_ids(caller.member.id)
    entries = growth_queries.list_entries(GrowthEntry.member_id.in_(ids), asked=kit.asked(page))
    return jsonify({"items": [_entry(entry) for entry in entries], "next_cursor": entries.next})


def _entry(entry: GrowthEntry) -> dict[str, Any]:
    return {
        "id": str(entry.id),
        "growth": entry.growth,
        "after": entry.growth_after,
        "title": reasons.reason_of(entry),
        "at": views.moment(entry.occurred_at),
    }
