"""Triggers: what joining, or finishing a task, gives."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.dialects.postgresql import insert

from app.benefits.campaigns import audience
from app.benefits.campaigns.errors import CampaignLimitReached, CampaignNotAvailable
from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import coupons, grant_history
from app.benefits.coupons import queries as coupon_queries
from app.benefits.coupons.models import Coupon, CouponStatus
from app.benefits.grants import queries
from app.benefits.grants.models import GrantRule
from app.benefits.stock import stock
from app.benefits.stock.errors import CampaignOutOfStock
from app.kernel.db import db

JOIN = "join"
FIRST_ORDER_TASK = "task:first_order_coupon"
# What a person is given once for becoming a member.
OF_JOINING = (JOIN, FIRST_ORDER_TASK)

Granted = tuple[Coupon, Campaign]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Occasion:
    """What a member is given coupons for."""

    member_id: int
    trigger: str
    entrance_id: int | None
    now: datetime

    def terms(self, campaign: Campaign) -> dict[str, Any]:
        """What `coupons.issue` and `coupons.make` are told of it."""
        return {
            "grant_key": f"{self.trigger}:{campaign.id}",
            "trigger": self.trigger,
            "entrance_id": self.entrance_id,
            "now": self.now,
        }


def grant(member_id: int, *, trigger: str, mall_id: int, entrance_id: int | None, now: datetime) -> list[Granted]:
    """Give a locked member everything the trigger grants in the mall, each once; what has run out is left out."""
    campaigns = queries.list_granted(mall_id, trigger=trigger, now=now)
    if not campaigns:
        return []
    occasion = _Occasion(member_id=member_id, trigger=trigger, entrance_id=entrance_id, now=now)
    limited = stock.list_limited([campaign.id for campaign in campaigns])
    granted: list[Granted] = []
    for is_limited, group in groupby(campaigns, lambda campaign: campaign.id in limited):
        granted += (_give_from_stock if is_limited else _give)(occasion, list(group))
    return granted


def _give(occasion: _Occasion, campaigns: Sequence[Campaign]) -> list[Granted]:
    """Coupons of campaigns without a stock: all are written at once."""
    held = grant_history.list_held(occasion.member_id, [campaign.id for campaign in campaigns])
    given: list[Granted] = []
    fresh: list[Coupon] = []
    for campaign in campaigns:
        terms = occasion.terms(campaign)
        same = [coupon for coupon in held if coupon.campaign_id == campaign.id]
        before = next((coupon for coupon in same if coupon.grant_key == terms["grant_key"]), None)
        if before is not None:
            if before.id is not None:
                given.append((coupon_queries.get_coupon(occasion.member_id, before.id), campaign))
            continue
        count = sum(coupon.status != CouponStatus.VOID.value for coupon in same)
        with suppress(CampaignLimitReached, CampaignNotAvailable):
            audience.ensure_for(occasion.member_id, campaign, now=occasion.now)
            fresh.append(coupons.make(occasion.member_id, campaign, held=count, **terms))
            given.append((fresh[-1], campaign))
    if fresh:
        coupons.write(fresh)
    return given


def _give_from_stock(occasion: _Occasion, campaigns: Sequence[Campaign]) -> list[Granted]:
    """Coupons one by one, each in a savepoint: it is written before the stock says no."""
    given: list[Granted] = []
    for campaign in campaigns:
        with suppress(CampaignLimitReached, CampaignNotAvailable, CampaignOutOfStock), db.session.begin_nested():
            given.append((coupons.issue(occasion.member_id, campaign, **occasion.terms(campaign)), campaign))
    return given


def claim(member_id: int, *, trigger: str, mall_id: int, campaign_public_id: str, now: datetime) -> Coupon:
    """Give a locked member the one campaign they chose among those the trigger offers.

    Raises CampaignNotAvailable, CampaignForOtherTiers, CampaignLimitReached, CampaignOutOfStock.
    """
    offered: Sequence[Campaign] = queries.list_granted(mall_id, trigger=trigger, now=now)
    campaign = next((offer for offer in offered if offer.public_id == campaign_public_id), None)
    if campaign is None:
        raise CampaignNotAvailable
    occasion = _Occasion(member_id=member_id, trigger=trigger, entrance_id=None, now=now)
    return coupons.issue(member_id, campaign, **occasion.terms(campaign))


def grant_on(mall_id: int, trigger: str, campaign_id: int, *, position: int) -> bool:
    """Let a trigger grant the campaign in the mall, at a position; False when it does so already."""
    statement = insert(GrantRule).values(
        mall_id=mall_id, trigger=trigger, campaign_id=campaign_id, position=position, active=True
    )
    changed = db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["mall_id", "trigger", "campaign_id"],
            set_={"position": position, "active": True},
            where=or_(GrantRule.position != position, GrantRule.active.is_(False)),
        ).returning(GrantRule.campaign_id)
    )
    return changed.first() is not None


def stop_granting(mall_id: int, trigger: str, campaign_id: int) -> bool:
    """Let a trigger no longer grant the campaign in the mall; False when it does not."""
    stopped = db.session.execute(
        update(GrantRule)
        .where(
            GrantRule.mall_id == mall_id,
            GrantRule.trigger == trigger,
            GrantRule.campaign_id == campaign_id,
            GrantRule.active.is_(True),
        )
        .values(active=False)
        .returning(GrantRule.campaign_id)
    )
    return stopped.first() is not None
