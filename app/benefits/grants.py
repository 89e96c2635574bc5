"""Triggers: what joining, or finishing a task, gives."""

from collections.abc import Sequence
from datetime import datetime

from app.benefits import coupons, queries
from app.benefits.errors import CampaignLimitReached, CampaignNotAvailable, CampaignOutOfStock
from app.benefits.models import Campaign, Coupon
from app.kernel.db import db

JOIN = "join"
FIRST_ORDER_TASK = "task:first_order_coupon"


def grant(member_id: int, *, trigger: str, mall_id: int, entrance_id: int | None, now: datetime) -> list[Coupon]:
    """Give a locked member everything the trigger grants in the mall, each once; what has run out is left out."""
    granted = []
    for campaign in queries.list_granted(mall_id, trigger=trigger):
        try:
            with db.session.begin_nested():  # the coupon is written before the stock says no
                granted.append(_issue(member_id, campaign, trigger=trigger, entrance_id=entrance_id, now=now))
        except (CampaignLimitReached, CampaignNotAvailable, CampaignOutOfStock):
            continue
    return granted


def claim(member_id: int, *, trigger: str, mall_id: int, campaign_public_id: str, now: datetime) -> Coupon:
    """Give a locked member the one campaign they chose among those the trigger offers.

    Raises CampaignNotAvailable, CampaignLimitReached, CampaignOutOfStock.
    """
    offered: Sequence[Campaign] = queries.list_granted(mall_id, trigger=trigger)
    campaign = next((offer for offer in offered if offer.public_id == campaign_public_id), None)
    if campaign is None:
        raise CampaignNotAvailable
    return _issue(member_id, campaign, trigger=trigger, entrance_id=None, now=now)


def _issue(member_id: int, campaign: Campaign, *, trigger: str, entrance_id: int | None, now: datetime) -> Coupon:
    return coupons.issue(
        member_id,
        campaign,
        grant_key=f"{trigger}:{campaign.id}",
        trigger=trigger,
        entrance_id=entrance_id,
        now=now,
    )
