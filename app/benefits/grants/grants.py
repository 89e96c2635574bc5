"""Triggers: what joining, or finishing a task, gives."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.benefits.campaigns.errors import CampaignLimitReached, CampaignNotAvailable
from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import coupons
from app.benefits.coupons.models import Coupon
from app.benefits.grants import queries
from app.benefits.grants.models import GrantRule
from app.benefits.stock.errors import CampaignOutOfStock
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


def grant_on(mall_id: int, trigger: str, campaign_id: int, *, position: int) -> None:
    """Let a trigger grant the campaign in the mall; saying it again changes its position."""
    statement = insert(GrantRule).values(
        mall_id=mall_id, trigger=trigger, campaign_id=campaign_id, position=position, active=True
    )
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["mall_id", "trigger", "campaign_id"], set_={"position": position, "active": True}
        )
    )


def stop_granting(mall_id: int, trigger: str, campaign_id: int) -> None:
    """Let a trigger no longer grant the campaign in the mall."""
    db.session.execute(
        update(GrantRule)
        .where(GrantRule.mall_id == mall_id, GrantRule.trigger == trigger, GrantRule.campaign_id == campaign_id)
        .values(active=False)
    )
