"""What tiers give in a mall by day: data with first days; without any, nothing."""

from collections.abc import Sequence
from datetime import date, datetime

from app.benefits.campaigns import audience
from app.benefits.campaigns import queries as campaigns
from app.benefits.tier_benefits import documents
from app.benefits.tier_benefits.errors import (
    TierBenefitsConflict,
    TierBenefitsInForce,
    TierBenefitsInvalid,
    TierBenefitsTooEarly,
)
from app.benefits.tier_benefits.models import TierBenefits
from app.benefits.tier_benefits.rules import Benefits
from app.kernel import clock, versions
from app.malls import queries as malls
from app.tiers.ladders import ladders

NOTHING = Benefits()
MOST_NUMBER = 10
MOST_ALLOWANCES = 8
MOST_PARKING_MINUTES = 24 * 60


def in_force(mall_id: int, day: date) -> Benefits:
    """What tiers give in a mall on a day."""
    version = versions.find_at(TierBenefits, TierBenefits.mall_id == mall_id, at=day)
    return NOTHING if version is None else documents.to_benefits(version.document)


def list_versions(mall_id: int, *, limit: int = 100) -> Sequence[TierBenefits]:
    """Every version of a mall there was and will be, the latest first."""
    return versions.list_versions(TierBenefits, TierBenefits.mall_id == mall_id, limit=limit)


def publish(mall_id: int, benefits: Benefits, *, effective_from: date, by: str, now: datetime) -> TierBenefits:
    """Let tiers give this in a mall from a day on that is yet to begin; the same again changes nothing.

    Raises TierBenefitsInvalid, TierBenefitsTooEarly and TierBenefitsConflict.
    """
    if effective_from <= clock.business_date(now):
        raise TierBenefitsTooEarly
    return _publish(mall_id, benefits, effective_from=effective_from, by=by, now=now)


def open_with(mall_id: int, benefits: Benefits, *, effective_from: date, by: str, now: datetime) -> TierBenefits:
    """What a mall begins with, from any day on. Raises TierBenefitsConflict when it has versions already."""
    if list_versions(mall_id, limit=1):
        raise TierBenefitsConflict(effective_from=effective_from)
    return _publish(mall_id, benefits, effective_from=effective_from, by=by, now=now)


def _publish(mall_id: int, benefits: Benefits, *, effective_from: date, by: str, now: datetime) -> TierBenefits:
    ensure_sound(mall_id, benefits, day=effective_from)
    document = documents.to_document(benefits)
    version = TierBenefits(
        mall_id=mall_id, effective_from=effective_from, document=document, created_at=now, created_by=by
    )
    conflict = TierBenefitsConflict(effective_from=effective_from)
    return versions.publish_once(version, TierBenefits.mall_id == mall_id, taken=conflict)


def withdraw(mall_id: int, version_id: int, *, now: datetime) -> TierBenefits:
    """Take back benefits that are yet to begin, as if they had never been published; returns what they said.

    Raises TierBenefitsInForce.
    """
    mine, today = TierBenefits.mall_id == mall_id, clock.business_date(now)
    return versions.withdraw(TierBenefits, version_id, mine, after=today, begun=TierBenefitsInForce())


def ensure_sound(mall_id: int, benefits: Benefits, *, day: date) -> None:
    """Raises TierBenefitsInvalid with what is wrong: tiers, campaigns and stores that are not there, and numbers."""
    known_campaigns = {one.public_id: one for one in campaigns.list_campaigns(mall_id)}
    known_stores = {one.code for one in malls.list_stores(mall_id=mall_id)}
    gives = benefits.by_tier.values()
    allowances = [one for each in gives for one in each.allowances]
    discounts = [one for each in gives for one in each.discounts]
    sense = {
        "tiers": set(benefits.by_tier) <= set(ladders.list_names(day)),
        "campaigns": {one.campaign for one in allowances} <= known_campaigns.keys(),
        "audience": all(
            audience.is_for(known_campaigns[one.campaign], tier)
            for tier, each in benefits.by_tier.items()
            for one in each.allowances
            if one.campaign in known_campaigns
        ),
        "numbers": all(0 < one.number <= MOST_NUMBER for one in allowances)
        and all(len(one.allowances) <= MOST_ALLOWANCES for one in gives),
        "repeated": all(len({(a.campaign, a.rhythm) for a in one.allowances}) == len(one.allowances) for one in gives),
        "stores": {one.store for one in discounts} <= known_stores,
        "discounts": all(0 < one.price_bps < 10_000 for one in discounts),
        "parking": all(0 <= one.parking_minutes <= MOST_PARKING_MINUTES for one in gives),
    }
    problems = [name for name, holds in sense.items() if not holds]
    if problems:
        raise TierBenefitsInvalid(problems=problems)
