"""What a member could do next: tasks, coupons to claim, stores where something holds, how points are earned."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from app.benefits.coupons import queries as coupon_queries
from app.benefits.grants import grants, places
from app.benefits.grants.places import Holding
from app.kernel import clock
from app.malls import queries as malls
from app.malls.models import Store
from app.pictures import queries as pictures
from app.pictures.rendering import STORE_LOGO
from app.points.earning import rule_sets
from app.points.earning.rules import Rules
from app.tasks import newbie
from app.web import member_auth
from app.web.member_auth import Caller
from member_api.kit import answers, kit, views
from member_api.kit.kit import MoneyCount

blueprint = kit.make_blueprint("suggestions", "What the member could do next")

SHOWN_STORES = 4


class OpenTasksView(Schema):
    """Tasks that are not done yet, and the points that they give together."""

    count = MoneyCount(required=True)
    points = MoneyCount(required=True)


class BenefitStoreView(answers.StoreView):
    """A store where coupons hold that I have or can claim, and one of them; `held` says which of the two it is."""

    logo = fields.Nested(answers.PictureView, required=True, allow_none=True)
    benefit = fields.String(required=True)
    benefits = MoneyCount(required=True)
    held = fields.Boolean(required=True)


class EarningView(Schema):
    """Points for a yuan in most stores, in basis points (10000: one), and stores that give more."""

    usual_bps = MoneyCount(required=True)
    best_bps = MoneyCount(required=True)
    best_stores = fields.List(fields.String(), required=True)


class SuggestionsView(Schema):
    """What could come next; nothing that is done, used up or over."""

    tasks = fields.Nested(OpenTasksView, required=True)
    offers = fields.List(fields.Nested(answers.OfferView), required=True)
    stores = fields.List(fields.Nested(BenefitStoreView), required=True)
    earning = fields.Nested(EarningView, required=True, allow_none=True)


@blueprint.get("/members/me/suggestions")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, SuggestionsView)
@member_auth.member_required
def show(caller: Caller) -> ResponseReturnValue:
    """What I could do next in my mall."""
    now, mall_id = clock.now(), caller.member.home_mall_id
    done = newbie.list_completions(caller.member.id)
    tasks = [task for task in newbie.list_tasks() if task.code not in done]
    may_claim = any(task.code == newbie.FIRST_ORDER_COUPON for task in tasks)
    stores = malls.list_open_stores(mall_id)
    held = coupon_queries.list_usable_campaigns(caller.member.id, now=now)
    holding = _mine(places.list_holding(mall_id, stores, now=now), held, may_claim=may_claim)
    giving = [store for store in stores if holding[store.id]][:SHOWN_STORES]
    shown = pictures.list_shown("store", [store.id for store in giving])
    return jsonify(
        {
            "tasks": {"count": len(tasks), "points": sum(task.reward_points for task in tasks)},
            "offers": views.offers(mall_id, trigger=grants.FIRST_ORDER_TASK, now=now) if may_claim else [],
            "stores": [
                {
                    **views.store_place(store),
                    "logo": views.picture(shown[store.id].get("logo"), STORE_LOGO),
                    "benefit": holding[store.id][0].campaign.title,
                    "benefits": len(holding[store.id]),
                    "held": holding[store.id][0].campaign.id in held,
                }
                for store in giving
            ],
            "earning": _earning(stores, rule_sets.in_force(mall_id, clock.business_date(now))),
        }
    )


def _mine(
    holding: Mapping[int, Sequence[Holding]], held: Collection[int], *, may_claim: bool
) -> Mapping[int, Sequence[Holding]]:
    """By store, what of it the member has, and behind that what they can still claim."""

    def can_claim(one: Holding) -> bool:
        return may_claim and one.trigger == grants.FIRST_ORDER_TASK

    return {
        store_id: sorted(
            (one for one in found if one.campaign.id in held or can_claim(one)),
            key=lambda one: one.campaign.id not in held,
        )
        for store_id, found in holding.items()
    }


def _earning(stores: Sequence[Store], rules: Rules) -> dict[str, Any] | None:
    """None where no store gives points."""
    rated = [(store.name, rules.rate_bps(store.code, store.category_code)) for store in stores]
    rates = [rate for _, rate in rated if rate > 0]
    if not rates:
        return None
    usual, best = max(set(rates), key=lambda rate: (rates.count(rate), -rate)), max(rates)
    better = [name for name, rate in rated if rate == best] if best > usual else []
    return {
        "usual_bps": usual,
        "best_bps": best,
        "best_stores": better[:SHOWN_STORES],
    }
