"""What a trigger can still give: what has ended or run out is not offered to anybody."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from app.benefits.campaigns import audience
from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import rules
from app.benefits.grants import queries
from app.benefits.stock import stock
from app.kernel import clock
from app.kernel.db import db
from app.tiers.ladders import ladders


def list_available(mall_id: int, *, trigger: str, now: datetime) -> Sequence[Campaign]:
    """The campaigns whose coupons somebody new, who stands on the lowest tier, would be given now, in their order."""
    granted = [
        campaign
        for campaign in queries.list_granted(mall_id, trigger=trigger, now=now)
        if rules.validity(campaign, now=now)[1] > now
    ]
    if any(one.tier_codes for one in granted):
        lowest = ladders.in_force(clock.business_date(now)).rungs[0].code
        granted = [one for one in granted if audience.is_for(one, lowest)]
    gone = stock.list_sold_out([campaign.id for campaign in granted])
    return [campaign for campaign in granted if campaign.id not in gone]


def list_gone(mall_id: int, *, triggers: Collection[str]) -> Sequence[Campaign]:
    """The campaigns that one of these triggers would give and that have none left, the newest first; no paused ones."""
    gone = stock.list_sold_out(sorted(queries.list_given(mall_id, triggers=triggers)))
    if not gone:
        return ()
    found = select(Campaign).where(Campaign.id.in_(sorted(gone)), Campaign.active)
    return db.session.scalars(found.order_by(Campaign.id.desc())).all()
