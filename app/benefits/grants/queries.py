"""Reading what triggers grant."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, func, or_, select

from app.benefits.campaigns import revisions
from app.benefits.campaigns.models import Campaign
from app.benefits.grants.models import GrantRule
from app.kernel import clock
from app.kernel.db import db, table_of
from app.kernel.fastpath.entities import PreparedEntities


def _runs_on(today: Any) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a campaign gives coupons on a day, if any are left."""
    return (
        Campaign.active.is_(True),
        or_(Campaign.issue_from.is_(None), Campaign.issue_from <= today),
        or_(Campaign.issue_until.is_(None), Campaign.issue_until >= today),
        or_(Campaign.valid_until.is_(None), Campaign.valid_until >= today),
    )


_GRANTED = PreparedEntities(
    Campaign,
    select(table_of(Campaign))
    .join(GrantRule, GrantRule.campaign_id == Campaign.id)
    .where(
        GrantRule.mall_id == bindparam("mall_id"),
        GrantRule.trigger == bindparam("trigger"),
        GrantRule.active,
        *_runs_on(bindparam("today", type_=Date)),
    )
    .order_by(GrantRule.position, GrantRule.id),
)


def list_granted(mall_id: int, *, trigger: str, now: datetime) -> Sequence[Campaign]:
    """The campaigns a trigger grants in a mall today, in their order; none whose last day is over."""
    found = _GRANTED.all(mall_id=mall_id, trigger=trigger, today=clock.business_date(now))
    return [revisions.as_of(campaign, now) for campaign in found]


def list_idle(mall_id: int, *, triggers: Collection[str], now: datetime) -> dict[str, int]:
    """Those of the triggers that are to grant campaigns, none of which gives coupons today: trigger → how many."""
    runs = and_(*_runs_on(clock.business_date(now)))
    rows = db.session.execute(
        select(GrantRule.trigger, func.count())
        .join(Campaign, Campaign.id == GrantRule.campaign_id)
        .where(GrantRule.mall_id == mall_id, GrantRule.trigger.in_(triggers), GrantRule.active)
        .group_by(GrantRule.trigger)
        .having(~func.bool_or(runs))
        .order_by(GrantRule.trigger)
    )
    return dict(rows.tuples().all())


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
