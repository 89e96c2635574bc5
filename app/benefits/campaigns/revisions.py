"""Changes of campaigns that hold from a moment on: planned one at a time, taken back until then, taken over after it.

From the moment on coupons are given by the new terms, whether or not a worker has written them into the campaign.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.benefits.campaigns import campaigns
from app.benefits.campaigns.errors import CampaignPlanned, CampaignRevisionBegun
from app.benefits.campaigns.models import TERMS, Campaign, CampaignRevision
from app.benefits.campaigns.rules import Offer
from app.kernel import versions
from app.kernel.db import db, table_of


def plan(
    campaign_id: int,
    seen: int,
    offer: Offer,
    *,
    store_ids: Sequence[int] | None,
    effective_from: datetime,
    now: datetime,
    by: str,
) -> CampaignRevision | None:
    """Let the campaign give this from a moment on; None when it gives it already.

    Raises what `campaigns.revise` raises, and CampaignRevisionBegun for a moment that is past.
    """
    campaign, is_other = campaigns.lock_to_change(campaign_id, seen, offer, store_ids=store_ids)
    if effective_from <= now:
        raise CampaignRevisionBegun
    if not is_other:
        return None
    terms = {name: getattr(offer, name) for name in TERMS}
    planned = CampaignRevision(
        **terms,
        campaign_id=campaign.id,
        store_ids=campaigns.in_order(store_ids),
        effective_from=effective_from,
        created_at=now,
        created_by=by,
    )
    versions.publish(planned, taken=CampaignPlanned())
    campaign.changes_at = effective_from
    db.session.flush()
    return planned


def find_planned(campaign: Campaign) -> CampaignRevision | None:
    """The change that waits for its moment, or for a worker."""
    if campaign.changes_at is None:
        return None
    return db.session.scalar(select(CampaignRevision).where(CampaignRevision.campaign_id == campaign.id))


def withdraw(campaign_id: int, revision_id: int, *, now: datetime) -> CampaignRevision:
    """Take a change back before its moment, as if it had never been planned; raises CampaignRevisionBegun."""
    campaign = campaigns.lock(campaign_id)
    mine = CampaignRevision.campaign_id == campaign.id
    gone = versions.withdraw(CampaignRevision, revision_id, mine, after=now, begun=CampaignRevisionBegun())
    campaign.changes_at = None
    db.session.flush()
    return gone


def as_of(campaign: Campaign, now: datetime) -> Campaign:
    """The campaign as it stands at a moment: with a change whose moment has come and that no worker has taken over.

    Such a one is a copy that the session does not hold.
    """
    if campaign.changes_at is None or campaign.changes_at > now:
        return campaign
    begun = find_planned(campaign)
    if begun is None:
        return campaign
    known: dict[str, Any] = {name: getattr(campaign, name) for name in table_of(Campaign).c.keys()}
    return Campaign(**{**known, **_said(begun), "version": campaign.version + 1, "changes_at": None})


def list_due(*, now: datetime, limit: int) -> Sequence[int]:
    """Campaigns whose change has begun and is to be taken over."""
    return db.session.scalars(
        select(Campaign.id).where(Campaign.changes_at <= now).order_by(Campaign.id).limit(limit)
    ).all()


def take_over(campaign_id: int, *, now: datetime) -> Campaign | None:
    """Write a change whose moment has come into the campaign; None when nothing waits."""
    campaign = campaigns.lock(campaign_id)
    begun = find_planned(campaign)
    if begun is None or begun.effective_from > now:
        return None
    campaigns.change(campaign, _said(begun), store_ids=begun.store_ids, now=begun.effective_from, by=begun.created_by)
    campaign.changes_at = None
    db.session.delete(begun)
    db.session.flush()
    return campaign


def _said(revision: CampaignRevision) -> dict[str, Any]:
    """What the change makes of the campaign's row."""
    own = {name: getattr(revision, name) for name in TERMS}
    return {**own, **campaigns.shares(revision.mall_share_bps), "all_stores": revision.store_ids is None}
