"""Making and changing campaigns: what is granted, where it can be used, who pays, how many there are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.benefits.campaigns import rules
from app.benefits.campaigns.errors import (
    CampaignChanged,
    CampaignCodeTaken,
    CampaignInvalid,
    CampaignPlanned,
    CampaignStoreRemoved,
)
from app.benefits.campaigns.models import TERMS, Campaign, CampaignStore, CampaignVersion
from app.benefits.campaigns.rules import Offer as Offer
from app.benefits.stock import stock
from app.kernel import money
from app.kernel.db import add_unless_taken, db
from app.kernel.security import codes
from app.kernel.switches import switch

NOBODY = ""
CODE_LENGTH = 8


def create(
    mall_id: int, code: str, offer: Offer, *, store_ids: Sequence[int] | None, now: datetime, by: str = NOBODY
) -> Campaign:
    """A new campaign of a mall and its first version; `store_ids` None = every store, `by` who made it.

    Raises CampaignInvalid (fact field) and CampaignCodeTaken.
    """
    rules.ensure_sound(offer)
    campaign = Campaign(
        **_terms(offer),
        public_id=codes.new_public_id(),
        mall_id=mall_id,
        code=code,
        kind=offer.kind.value,
        version=1,
        all_stores=store_ids is None,
        active=True,
        created_at=now,
    )
    add_unless_taken(campaign, "uq_campaigns_mall_id_code", CampaignCodeTaken())
    _set_stores(campaign.id, store_ids or [])
    _keep_version(campaign, store_ids, now=now, by=by)
    if offer.stock is not None:
        stock.fill(campaign.id, offer.stock)
    return campaign


def new_code() -> str:
    """A code for a campaign that nobody gave one."""
    return codes.new_code(CODE_LENGTH)


def revise(
    campaign_id: int, seen: int, offer: Offer, *, store_ids: Sequence[int] | None, now: datetime, by: str
) -> Campaign:
    """Change what the campaign gives from now on; coupons that were issued keep their terms.

    `seen` is the version that the change was made to. The kind and the stock stay as they are, and stores can only be
    added: people hold coupons for the others. An offer that says what is said already makes no version.
    Raises CampaignInvalid (fact field), CampaignChanged, CampaignStoreRemoved, CampaignPlanned.
    """
    campaign, is_other = lock_to_change(campaign_id, seen, offer, store_ids=store_ids)
    if is_other:
        change(campaign, _terms(offer), store_ids=store_ids, now=now, by=by)
    return campaign


def lock_to_change(
    campaign_id: int, seen: int, offer: Offer, *, store_ids: Sequence[int] | None
) -> tuple[Campaign, bool]:
    """The campaign FOR UPDATE if it may be changed to this, and whether it says something else now; raises as `revise`.

    While a change waits for its moment no other is made: it was made to the terms as they are now.
    """
    rules.ensure_sound(offer)
    campaign = lock(campaign_id)
    if campaign.changes_at is not None:
        raise CampaignPlanned
    if campaign.version != seen:
        raise CampaignChanged
    if campaign.kind != offer.kind.value:
        raise CampaignInvalid(field="kind")
    before = stores_of(campaign)
    _ensure_none_removed(before, store_ids)
    is_same = all(getattr(campaign, name) == value for name, value in _terms(offer).items())
    return campaign, before != in_order(store_ids) or not is_same


def change(
    campaign: Campaign, terms: Mapping[str, Any], *, store_ids: Sequence[int] | None, now: datetime, by: str
) -> None:
    """Make the next version of a locked campaign."""
    for name, value in {**terms, "version": campaign.version + 1, "all_stores": store_ids is None}.items():
        setattr(campaign, name, value)
    _set_stores(campaign.id, store_ids or [])
    _keep_version(campaign, store_ids, now=now, by=by)


def lock(campaign_id: int) -> Campaign:
    """The campaign FOR UPDATE, as it is now."""
    found = select(Campaign).where(Campaign.id == campaign_id).with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def stores_of(campaign: Campaign) -> list[int] | None:
    """Where the campaign's coupons can be used, in ascending order; None = in every store."""
    if campaign.all_stores:
        return None
    own = select(CampaignStore.store_id).where(CampaignStore.campaign_id == campaign.id)
    return list(db.session.scalars(own.order_by(CampaignStore.store_id)))


def set_active(campaign: Campaign, *, active: bool) -> bool:
    """Let the campaign run or pause; what members hold stays theirs. False when it did so already."""
    return switch(campaign, active=active)


def _terms(offer: Offer) -> dict[str, Any]:
    own = {name: getattr(offer, name) for name in TERMS}
    return {**own, **shares(offer.mall_share_bps)}


def shares(mall_share_bps: int) -> dict[str, int]:
    """Both sides' parts, by their columns."""
    return {"mall_share_bps": mall_share_bps, "merchant_share_bps": money.BPS - mall_share_bps}


def _ensure_none_removed(before: Sequence[int] | None, after: Sequence[int] | None) -> None:
    if after is not None and (before is None or not set(before) <= set(after)):
        raise CampaignStoreRemoved


def in_order(store_ids: Sequence[int] | None) -> list[int] | None:
    """The stores, each once, in ascending order; None = every store."""
    return None if store_ids is None else sorted(set(store_ids))


def _set_stores(campaign_id: int, store_ids: Sequence[int]) -> None:
    db.session.execute(delete(CampaignStore).where(CampaignStore.campaign_id == campaign_id))
    if store_ids:
        db.session.execute(
            insert(CampaignStore),
            [{"campaign_id": campaign_id, "store_id": store_id} for store_id in dict.fromkeys(store_ids)],
        )


def _keep_version(campaign: Campaign, store_ids: Sequence[int] | None, *, now: datetime, by: str) -> None:
    terms = {name: getattr(campaign, name) for name in TERMS}
    about = {"campaign_id": campaign.id, "version": campaign.version, "created_at": now, "created_by": by}
    db.session.add(CampaignVersion(**terms, **about, store_ids=in_order(store_ids)))
    db.session.flush()
