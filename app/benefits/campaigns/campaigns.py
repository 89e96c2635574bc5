"""Making and changing campaigns: what is granted, where it can be used, who pays, how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from app.benefits.campaigns.errors import CampaignCodeTaken, CampaignInvalid
from app.benefits.campaigns.models import Campaign, CampaignKind, CampaignStore
from app.benefits.stock.stock import fill
from app.kernel import money
from app.kernel.db import add_unless_taken, db
from app.kernel.security import codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A campaign's terms. Amounts in fen, shares and discount (what is taken off) in bps, `stock` None = unlimited.

    Valid for `valid_days` from issue (the day of issue included), or from `valid_from` until `valid_until`.
    """

    title: str
    summary: str
    kind: CampaignKind
    face_fen: int = 0
    parking_minutes: int = 0
    discount_bps: int = 0
    min_spend_fen: int = 0
    valid_days: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    per_member_limit: int = 1
    mall_share_bps: int = money.BPS
    stock: int | None = None


def create(mall_id: int, code: str, offer: Offer, *, store_ids: Sequence[int] | None, now: datetime) -> Campaign:
    """A new campaign of a mall; `store_ids` None = every store of the mall.

    Raises CampaignInvalid (fact field) and CampaignCodeTaken.
    """
    _ensure_sound(offer)
    campaign = Campaign(
        public_id=codes.new_public_id(),
        mall_id=mall_id,
        code=code,
        title=offer.title,
        summary=offer.summary,
        kind=offer.kind.value,
        face_fen=offer.face_fen,
        parking_minutes=offer.parking_minutes,
        discount_bps=offer.discount_bps,
        min_spend_fen=offer.min_spend_fen,
        valid_days=offer.valid_days,
        valid_from=offer.valid_from,
        valid_until=offer.valid_until,
        per_member_limit=offer.per_member_limit,
        all_stores=store_ids is None,
        mall_share_bps=offer.mall_share_bps,
        merchant_share_bps=money.BPS - offer.mall_share_bps,
        active=True,
        created_at=now,
    )
    add_unless_taken(campaign, "uq_campaigns_mall_id_code", CampaignCodeTaken())
    _set_stores(campaign.id, store_ids or [])
    if offer.stock is not None:
        fill(campaign.id, offer.stock)
    return campaign


def _ensure_sound(offer: Offer) -> None:
    problems = {
        "title": not 1 <= len(offer.title.strip()) <= 40,
        "parking_minutes": (offer.kind is CampaignKind.PARKING) != (offer.parking_minutes > 0),
        "face_fen": offer.kind is not CampaignKind.PARKING and offer.face_fen <= 0,
        "discount_bps": (offer.kind is CampaignKind.DISCOUNT) != (0 < offer.discount_bps < money.BPS),
        "min_spend_fen": offer.min_spend_fen < 0,
        "mall_share_bps": not 0 <= offer.mall_share_bps <= money.BPS,
        "per_member_limit": offer.per_member_limit < 1,
        "stock": offer.stock is not None and offer.stock < 0,
        "validity": (offer.valid_days is None) == (offer.valid_until is None),
    }
    for field, is_wrong in problems.items():
        if is_wrong:
            raise CampaignInvalid(field=field)


def _set_stores(campaign_id: int, store_ids: Sequence[int]) -> None:
    db.session.execute(delete(CampaignStore).where(CampaignStore.campaign_id == campaign_id))
    if store_ids:
        db.session.execute(
            insert(CampaignStore),
            [{"campaign_id": campaign_id, "store_id": store_id} for store_id in dict.fromkeys(store_ids)],
        )


def set_active(campaign: Campaign, *, active: bool) -> None:
    """Let the campaign run or pause; what members hold stays theirs."""
    campaign.active = active
    db.session.flush()
