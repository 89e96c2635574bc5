"""Pure rules: how long a coupon is valid, whether it can be redeemed, and what it gives."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from app.benefits.campaigns.models import Campaign, CampaignKind
from app.benefits.coupons.errors import (
    CouponAlreadyRedeemed,
    CouponExpired,
    CouponForParking,
    CouponNotForStore,
    CouponNotYetValid,
    CouponReserved,
    CouponVoid,
    MinimumSpendNotMet,
    SpendRequired,
)
from app.benefits.coupons.models import CouponStatus
from app.kernel import clock, money

REVERSAL_WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponFacts:
    """What a till needs to know of a coupon, as frozen at issue; `for_this_store` is seen from the asking store."""

    member_id: int
    coupon_id: int
    code: str
    campaign_id: int
    campaign_title: str
    campaign_summary: str
    kind: CampaignKind
    mall_id: int
    status: CouponStatus
    face_fen: int
    discount_bps: int
    parking_minutes: int
    min_spend_fen: int
    mall_share_bps: int
    merchant_share_bps: int
    valid_from: datetime
    valid_until: datetime
    redeemed_at: datetime | None
    for_this_store: bool
    paid_points: int = 0


def validity(campaign: Campaign, *, now: datetime) -> tuple[datetime, datetime]:
    """From when until when (exclusive) a coupon issued now is valid: from today on, or within fixed days."""
    today = clock.business_date(now)
    if campaign.valid_days is not None:
        return now, clock.end_of_day(today + timedelta(days=campaign.valid_days - 1))
    if campaign.valid_until is None:
        raise ValueError("a campaign has either days or an end")
    start = now if campaign.valid_from is None else max(now, clock.start_of_day(campaign.valid_from))
    return start, clock.end_of_day(campaign.valid_until)


def ensure_usable(facts: CouponFacts, *, now: datetime) -> None:
    """Whether the coupon itself can be used now; raises one error per reason."""
    if facts.status is CouponStatus.REDEEMED:
        raise CouponAlreadyRedeemed
    if facts.status is CouponStatus.VOID:
        raise CouponVoid
    if facts.status is CouponStatus.RESERVED:
        raise CouponReserved
    if now < facts.valid_from:
        raise CouponNotYetValid(valid_from=facts.valid_from)
    if now >= facts.valid_until:
        raise CouponExpired(valid_until=clock.local(facts.valid_until - timedelta(seconds=1)).strftime("%Y-%m-%d"))


def ensure_for_store(facts: CouponFacts) -> None:
    """Whether the asking store takes the coupon; raises CouponForParking or CouponNotForStore."""
    if facts.kind is CampaignKind.PARKING:
        raise CouponForParking
    if not facts.for_this_store:
        raise CouponNotForStore


def ensure_for_till(facts: CouponFacts, *, now: datetime) -> None:
    """Whether the asking store can redeem the coupon now, the amount aside; raises what the two rules above raise."""
    ensure_usable(facts, now=now)
    ensure_for_store(facts)


def needs_spend(facts: CouponFacts) -> bool:
    """Whether the till's amount must be known."""
    return facts.min_spend_fen > 0 or facts.kind is CampaignKind.DISCOUNT


def ensure_spend(facts: CouponFacts, spend_fen: int | None) -> None:
    """Whether the purchase is large enough; raises SpendRequired or MinimumSpendNotMet."""
    if spend_fen is None:
        if needs_spend(facts):
            raise SpendRequired(minimum=money.yuan_text(facts.min_spend_fen))
        return
    if spend_fen < facts.min_spend_fen:
        missing = facts.min_spend_fen - spend_fen
        raise MinimumSpendNotMet(minimum=money.yuan_text(facts.min_spend_fen), missing=money.yuan_text(missing))


def discount_fen(facts: CouponFacts, spend_fen: int | None) -> int:
    """What the customer is spared: never more than the face or the purchase."""
    if spend_fen is None:
        return facts.face_fen
    match facts.kind:
        case CampaignKind.GIFT:
            return facts.face_fen
        case CampaignKind.DISCOUNT:
            return min(facts.face_fen, money.share_of(spend_fen, facts.discount_bps))
        case CampaignKind.CASH | CampaignKind.PARKING:
            return min(facts.face_fen, spend_fen)
        case never:
            assert_never(never)


def merchant_points(facts: CouponFacts) -> int:
    """The merchant's part of the points that the member gave for the coupon, by the shares frozen at issue."""
    _, merchant_part = money.split(facts.paid_points, [facts.mall_share_bps, facts.merchant_share_bps])
    return merchant_part


def shares_fen(facts: CouponFacts, discount: int) -> tuple[int, int]:
    """The discount as (mall's part, merchant's part) by the shares frozen at issue."""
    mall_fen, merchant_fen = money.split(discount, [facts.mall_share_bps, facts.merchant_share_bps])
    return mall_fen, merchant_fen
