"""Reading what triggers grant."""

from collections.abc import Sequence

from sqlalchemy import select

from app.benefits.campaigns.models import Campaign
from app.benefits.grants.models import GrantRule
from app.kernel.db import db


def list_granted(mall_id: int, *, trigger: str) -> Sequence[Campaign]:
    """The campaigns a trigger grants in a mall, in their order."""
    return db.session.scalars(
        select(Campaign)
        .join(GrantRule, GrantRule.campaign_id == Campaign.id)
        .where(GrantRule.mall_id == mall_id, GrantRule.trigger == trigger, GrantRule.active, Campaign.active)
        .order_by(GrantRule.position, GrantRule.id)
    ).all()


def list_rules(mall_id: int, *, trigger: str) -> dict[int, int]:
    """What a trigger grants in a mall: campaign id → position, also of paused campaigns."""
    rows = db.session.execute(
        select(GrantRule.campaign_id, GrantRule.position).where(
            GrantRule.mall_id == mall_id, GrantRule.trigger == trigger, GrantRule.active
        )
    )
    return {campaign_id: int(position) for campaign_id, position in rows}
