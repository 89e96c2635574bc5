"""The data set's campaigns as coupon campaigns, and its redemptions as coupons issued and redeemed at a till."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select

from app.benefits.campaigns import campaigns
from app.benefits.campaigns.campaigns import Offer
from app.benefits.campaigns.models import Campaign, CampaignKind
from app.benefits.coupons import coupons
from app.benefits.coupons.models import CouponStatus
from app.flows import redemptions
from app.flows.redemptions import Till
from app.identity import queries as identity_queries
from app.identity.models import IdentityKind
from app.kernel import clock
from app.kernel.db import atomic, db
from app.malls import queries as mall_queries
from cli.complete_journey.source import CampaignData, RedemptionData

FACE_FEN = 100
MALL_SHARE_BPS = 6_000
LIMIT = 20  # the most a household ever used of one campaign is 17
_BATCH = 50


def open_campaigns(mall_id: int, data: Sequence[CampaignData]) -> None:
    """The campaigns that are missing: one yuan off in every store, valid on the campaign's days."""
    now = clock.now()
    with atomic():
        known = set(db.session.scalars(select(Campaign.code).where(Campaign.mall_id == mall_id)))
        for campaign in data:
            if _code(campaign.number) not in known:
                campaigns.create(mall_id, _code(campaign.number), _offer(campaign), store_ids=None, now=now)


def _code(number: int) -> str:
    return f"CJ-{number}"


def _offer(campaign: CampaignData) -> Offer:
    return Offer(
        title=f"旅程活动 {campaign.number}",
        summary=campaign.kind,
        kind=CampaignKind.CASH,
        face_fen=FACE_FEN,
        valid_from=campaign.first_day,
        valid_until=campaign.last_day,
        per_member_limit=LIMIT,
        mall_share_bps=MALL_SHARE_BPS,
    )


def redeem_all(mall_id: int, data: Sequence[RedemptionData], progress: Callable[[int, int], None]) -> int:
    """Issue and redeem every coupon once, at the moment and in the store of the day's basket; returns how many now."""
    done = 0
    for start in range(0, len(data), _BATCH):
        with atomic():
            by_code = {row.code: row for row in db.session.scalars(select(Campaign).where(Campaign.mall_id == mall_id))}
            anywhere = mall_queries.list_stores(mall_id=mall_id)[0].code
            for one in data[start : start + _BATCH]:
                done += _redeem(one, by_code[_code(one.campaign)], anywhere)
        progress(min(start + _BATCH, len(data)), len(data))
    return done


def _redeem(one: RedemptionData, campaign: Campaign, anywhere: str) -> bool:
    member_id = identity_queries.find_member_id(IdentityKind.CARD_NO, one.card_no)
    if member_id is None:
        raise ValueError(f"{one.card_no} has not been imported")
    member = identity_queries.lock_member(member_id)
    at = _moment(one)
    coupon = coupons.issue(
        member.id,
        campaign,
        grant_key=f"complete-journey:{one.number}",
        trigger="complete-journey",
        entrance_id=None,
        now=at - timedelta(minutes=1),
    )
    if coupon.status != CouponStatus.ISSUED.value:
        return False
    redemptions.redeem_coupon(coupon.code, _till(one.store_code or anywhere), spend_fen=one.spend_fen, now=at)
    return True


def _moment(one: RedemptionData) -> datetime:
    """When the day's basket was paid, else noon."""
    return (one.bought_at or datetime.combine(one.day, time(12))).replace(tzinfo=clock.MALL_ZONE)


def _till(code: str) -> Till:
    store = mall_queries.find_store_by_code(code)
    if store is None:
        raise ValueError(f"{code} has not been imported")
    return Till(
        mall_id=store.mall_id,
        merchant_id=store.merchant_id,
        store_id=store.id,
        store_name=store.name,
        floor=store.floor,
        staff_id=0,
        staff_name="complete-journey",
    )
