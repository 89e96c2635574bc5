"""What follows from a purchase: its timeline row, the stage of who buys first, points by the rules of its day, growth,
commission, the points' price.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from app.flows.consequences.effects import Effects
from app.flows.consequences.rewards import brands, earning, growing
from app.flows.consequences.rewards.earning import MemberPurchase
from app.kernel import clock
from app.kernel.reasons import Reason
from app.lifecycle.stages import acts
from app.malls import store_refs
from app.points.earning import documents
from app.points.earning.extras import Payer
from app.points.earning.rules import Breakdown
from app.points.ledger import bulk as points_bulk
from app.points.ledger import ledger
from app.settlement.contracts.models import ContractTerms
from app.settlement.ledger import bulk as settlement_bulk
from app.settlement.ledger import postings
from app.tiers import crediting
from app.tiers.growth import rule_sets as growth_rules
from app.tiers.growth.bulk import Credit
from app.tiers.growth.rule_sets import Rules as GrowthRules
from app.timeline import bulk as timeline_bulk
from app.timeline import events
from app.timeline.models import EventKind


def apply(bought: MemberPurchase, effects: Effects, *, now: datetime) -> int:
    """Write what follows from one purchase; returns the points. Raises NoContractTerms and BookNotOpen."""
    receipt, store = bought.receipt, bought.store
    events.record(
        bought.member_id,
        kind=EventKind.PURCHASED,
        fact=receipt.fact,
        occurred_at=receipt.occurred_at,
        mall_id=store.mall_id,
        store_id=store.id,
        source=receipt.source,
    )
    _move([bought], now=now)
    if effects is Effects.NONE:
        return 0
    (earned,) = earning.earned_by([bought], now=now)
    entered_at = effects.entered_at(receipt.occurred_at, now=now)
    if earned.points:
        _give_points(bought, earned, at=entered_at)
    postings.post_purchase(store_refs.of(store), **_posted(bought, earned))
    owed = _brand_lines(bought, earned)
    if owed:
        postings.post(owed)
    growing.grow(_growth(bought, growth_rules.in_force(bought.day), entered_at), now=now)
    return earned.points


def _give_points(bought: MemberPurchase, earned: Breakdown, *, at: datetime) -> None:
    ledger.accrue(
        bought.member_id,
        points=earned.points,
        reason=_reason(bought),
        fact=bought.receipt.fact,
        now=at,
        mall_id=bought.store.mall_id,
        store_id=bought.store.id,
        earned_on=bought.day,
        breakdown=documents.breakdown_document(earned),
    )


def apply_all(
    many: Sequence[MemberPurchase], effects: Effects, *, terms: Sequence[ContractTerms | None], now: datetime
) -> None:
    """The same for many purchases, kind by kind, each by the terms beside it. Raises BookNotOpen."""
    timeline_bulk.record(EventKind.PURCHASED, map(_event, many))
    _move(many, now=now)
    if effects is Effects.NONE:
        return
    moments = [effects.entered_at(one.receipt.occurred_at, now=now) for one in many]
    rules_of = cache(growth_rules.in_force)
    grown = [_growth(one, rules_of(one.day), at) for one, at in zip(many, moments, strict=True)]
    tiers = crediting.credit_all(grown, asked=[one.day for one in many])
    earned = earning.earned_by(many, now=now, tiers=tiers)
    given = zip(many, earned, moments, strict=True)
    points_bulk.accrue([_earned(*each) for each in given if each[1].points])
    settled = zip(many, earned, terms, strict=True)
    settlement_bulk.post([line for bought, each, of_day in settled for line in _lines(bought, each, of_day)])
    find = cache(brands.find)
    paid = zip(many, earned, strict=True)
    settlement_bulk.post([line for bought, each in paid for line in _brand_lines(bought, each, find)])


def _move(many: Sequence[MemberPurchase], *, now: datetime) -> None:
    """Who buys first today moves at once; of what was bought earlier a night tells."""
    today = clock.business_date(now)
    acts.buy_first([one.member_id for one in many if one.is_first and one.day == today], day=today)


def _reason(bought: MemberPurchase) -> Reason:
    """Why points are given."""
    return Reason("purchase", {"store": bought.store.name})


def _growth(bought: MemberPurchase, rules: GrowthRules, at: datetime) -> Credit:
    """The growth of a purchase, and how it comes about."""
    receipt, store = bought.receipt, bought.store
    yuan, rate = f"{receipt.amount_fen / 100:.2f}", f"{rules.spend_bps / 10_000:g}"
    reason = Reason("growth_spend", {"store": store.name, "yuan": yuan, "rate": rate})
    return Credit(bought.member_id, rules.for_spend(receipt.amount_fen), reason, receipt.fact, at)


def _event(bought: MemberPurchase) -> timeline_bulk.Event:
    receipt, store = bought.receipt, bought.store
    return bought.member_id, receipt.fact, receipt.occurred_at, store.mall_id, store.id, receipt.source


def _earned(bought: MemberPurchase, earned: Breakdown, at: datetime) -> points_bulk.Earned:
    return points_bulk.Earned(
        bought.member_id,
        earned.points,
        _reason(bought),
        bought.receipt.fact,
        bought.store.mall_id,
        bought.store.id,
        bought.day,
        documents.breakdown_document(earned),
        at,
    )


def _lines(bought: MemberPurchase, earned: Breakdown, terms: ContractTerms | None) -> list[postings.Line]:
    if terms is None:
        raise ValueError("purchases in bulk bear the terms of their day")
    return postings.purchase_lines(store_refs.of(bought.store), terms=terms, **_posted(bought, earned))


def _brand_lines(bought: MemberPurchase, earned: Breakdown, find: brands.Find = brands.find) -> list[postings.Line]:
    receipt, mall_id = bought.receipt, bought.store.mall_id
    return brands.lines(mall_id, earned, fact=receipt.fact, day=bought.day, occurred_at=receipt.occurred_at, find=find)


def _posted(bought: MemberPurchase, earned: Breakdown) -> dict[str, Any]:
    """What is posted of a purchase, but for where and by which terms."""
    return {
        "fact": bought.receipt.fact,
        "amount_fen": bought.receipt.amount_fen,
        "base_fen": bought.receipt.commission_base_fen,
        "points": earned.paid_by(Payer.MERCHANT),
        "mall_points": earned.paid_by(Payer.MALL),
        "occurred_at": bought.receipt.occurred_at,
    }
