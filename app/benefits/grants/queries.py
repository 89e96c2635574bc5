"""Reading what triggers grant."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Date, bindparam, or_, select

from app.benefits.campaigns import revisions
from app.benefits.campaigns.models import Campaign
from app.benefits.grants.models import GrantRule
from app.kernel import clock
from app.kernel.db import db, table_of
from app.kernel.fastpath.entities import PreparedEntities

_GRANTED = PreparedEntities(
    Campaign,
    select(table_of(Campaign))
    .join(GrantRule, GrantRule.campaign_id == Campaign.id)
    .where(
        GrantRule.mall_id == bindparam("mall_id"),
        GrantRule.trigger == bindparam("trigger"),
        GrantRule.active,
        Campaign.active,
        or_(Campaign.issue_from.is_(None), Campaign.issue_from <= bindparam("today", type_=Date)),
        or_(Campaign.issue_until.is_(None), Campaign.issue_until >= bindparam("today", type_=Date)),
        or_(Campaign.valid_until.is_(None), Campaign.valid_until >= bindparam("today", type_=Date)),
    )
    .order_by(GrantRule.position, GrantRule.id),
)


def list_granted(mall_id: int, *, trigger: str, now: datetime) -> Sequence[Campaign]:
    """The campaigns a trigger grants in a mall today, in their order; none whose last day is over."""
    found = _GRANTED.all(mall_id=mall_id, trigger=trigger, today=clock.business_date(now))
    return [revisions.as_of(campaign, now) for campaign in found]


def list_triggers(campaign_id: int) -> list[str]:
    """What grants a campaign, by name; of a paused campaign, too."""
    found = select(GrantRule.trigger).where(GrantRule.campaign_id == campaign_id, GrantRule.active)
    return list(db.session.scalars(found.order_by(GrantRule.trigger)))


def list_given(mall_id: int, *, triggers: Collection[str]) -> set[int]:
    """The ids of what these triggers grant in a mall, also of paused campaigns."""
    given = select(GrantRule.campaign_id).where(GrantRule.mall_id == mall_id, GrantRule.trigger.in_(sorted(triggers)))
    return set(db.session.scalars(given.where(GrantRule.active)))


def list_rules(mall_id: int, *, trigger: str) -> dict[int, int]:
    """What a trigger grants in a mall: campaign id → position, also of paused campaigns."""
    rows = db.session.execute(
        select(GrantRule.campaign_id, GrantRule.position).where(
            GrantRule.mall_id == mall_id, GrantRule.trigger == trigger, GrantRule.active
        )
    )
    return {campaign_id: int(position) for campaign_id, position in rows}
