"""My tier: what it gives, and what is next."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from app.kernel import clock
from app.tiers.growth import growth
from app.tiers.perks import perks
from app.tiers.perks.perks import Rung
from app.tiers.standings import queries as standings
from app.web import member_auth
from app.web.member_auth import Caller
from member_api.kit import kit
from member_api.kit.kit import MoneyCount

blueprint = kit.make_blueprint("tiers", "The member's tier")


class RungView(Schema):
    """A tier, and what it gives in the member's mall."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    threshold = MoneyCount(required=True)
    perks = fields.List(fields.String(), required=True)


class LadderView(Schema):
    """My growth, the code of my tier, and all tiers from the lowest up."""

    growth = MoneyCount(required=True)
    code = fields.String(required=True)
    ladder = fields.List(fields.Nested(RungView), required=True)


@blueprint.get("/members/me/tier")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, LadderView)
@member_auth.member_required
def show(caller: Caller) -> ResponseReturnValue:
    """Where I stand on the ladder of my mall."""
    now = clock.now()
    value, stand = growth.value_of(caller.member.id), standings.stand_of(caller.member.id, now=now)
    ladder = perks.list_ladder(caller.member.home_mall_id, today=clock.business_date(now))
    return jsonify({"growth": value, "code": stand.tier, "ladder": [_rung(rung) for rung in ladder]})


def _rung(rung: Rung) -> dict[str, Any]:
    return {"code": rung.code, "name": rung.name, "threshold": rung.threshold, "perks": list(rung.lines)}
