"""Whose a campaign is: everybody's, or that of members who stand on some tiers when they get the coupon."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.benefits.campaigns import revisions
from app.benefits.campaigns.errors import CampaignForOtherTiers
from app.benefits.campaigns.models import Campaign
from app.kernel import clock
from app.tiers.ladders import ladders
from app.tiers.standings import queries as standings


def ensure_for(member_id: int, campaign: Campaign, *, now: datetime) -> None:
    """Whether the member's tier may have the campaign as it stands now; raises CampaignForOtherTiers (fact tiers)."""
    codes = revisions.as_of(campaign, now).tier_codes
    if codes is not None and standings.stand_of(member_id, now=now).tier not in codes:
        raise CampaignForOtherTiers(tiers=named(codes, ladders.list_names(clock.business_date(now))))


def is_for(campaign: Campaign, tier: str) -> bool:
    """Whether members of the tier may have it."""
    return campaign.tier_codes is None or tier in campaign.tier_codes


def named(codes: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """Tiers by their names, the lowest first, by the ladder's names; `+` behind the last: and all above it."""
    known = [code for code in names if code in codes]
    upper = list(names)[-len(known) :]
    if known == upper and len(known) > 1:
        return [f"{names[known[0]]}+"]
    return [names[code] for code in known]


def list_others(member_id: int, campaigns: Sequence[Campaign], *, now: datetime) -> dict[int, list[str]]:
    """Those of the campaigns, by id, that are not for the member's tier, and whom they are for."""
    if not any(one.tier_codes for one in campaigns):
        return {}
    tier, names = standings.stand_of(member_id, now=now).tier, ladders.list_names(clock.business_date(now))
    return {one.id: named(one.tier_codes or [], names) for one in campaigns if not is_for(one, tier)}
