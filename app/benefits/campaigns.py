"""Making and changing campaigns: what is granted, where it can be used, who pays, how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.benefits.errors import CampaignCodeTaken, CampaignInvalid
from app.benefits.models import Campaign, CampaignKind, CampaignStore, GrantRule, StockBucket
from app.kernel import codes, money
from app.kernel.db import db

STOCK_BUCKETS = 8


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
    if db.session.scalar(select(Campaign.id).where(Campaign.mall_id == mall_id, Campaign.code == code)) is not None:
        raise CampaignCodeTaken
    campaign = Campaign(
        public_id=codes.new_public_id(), mall_id=mall_id, code=code, title=offer.title, summary=offer.summary,
        kind=offer.kind.value, face_fen=offer.face_fen, parking_minutes=offer.parking_minutes,
        discount_bps=offer.discount_bps, min_spend_fen=offer.min_spend_fen, valid_days=offer.valid_days,
        valid_from=offer.valid_from, valid_until=offer.valid_until, per_member_limit=offer.per_member_limit,
        all_stores=store_ids is None, mall_share_bps=offer.mall_share_bps,
        merchant_share_bps=money.BPS - offer.mall_share_bps, active=True, created_at=now,
    )  # fmt: skip
    db.session.add(campaign)
    db.session.flush()
    _set_stores(campaign.id, store_ids or [])
    if offer.stock is not None:
        _stock_up(campaign.id, offer.stock)
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


def _stock_up(campaign_id: int, stock: int) -> None:
    """Spread the stock over buckets; small stocks get fewer, so that none is empty from the start."""
    buckets = max(1, min(STOCK_BUCKETS, stock))
    parts = money.split(stock, [1] * buckets)
    db.session.execute(
        insert(StockBucket),
        [{"campaign_id": campaign_id, "bucket": bucket, "remaining": part} for bucket, part in enumerate(parts)],
    )


def set_active(campaign: Campaign, *, active: bool) -> None:
    """Let the campaign run or pause; what members hold stays theirs."""
    campaign.active = active
    db.session.flush()


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


def stock_left(campaign_id: int) -> int | None:
    """How many are left; None = unlimited."""
    left = db.session.scalar(select(func.sum(StockBucket.remaining)).where(StockBucket.campaign_id == campaign_id))
    return None if left is None else int(left)
