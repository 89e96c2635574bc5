"""What became of one campaign's coupons: who got them, what was used where, and how both went day by day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons.models import Coupon, CouponStatus, Redemption
from app.identity.models import Member
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.days import by_day
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.malls.models import Store

ORDER = Order(Coupon.issued_at.desc(), Coupon.member_id.desc(), Coupon.id.desc())
STATES = {
    "unused": Coupon.status.in_([CouponStatus.ISSUED.value, CouponStatus.RESERVED.value]),
    "redeemed": Coupon.status == CouponStatus.REDEEMED.value,
    "void": Coupon.status == CouponStatus.VOID.value,
}


@dataclass(frozen=True, slots=True)
class CampaignDay:
    """How many coupons of a campaign were issued and used on a day of the mall, and what customers were spared."""

    day: date
    issued: int
    redeemed: int
    discount_fen: int


def list_holders(
    campaign_id: int, *wanted: ColumnElement[bool], asked: Asked = FIRST
) -> Page[tuple[Coupon, Member, Redemption | None, Store | None]]:
    """A page of the campaign's coupons, with whose they are and, once used, where; the latest issued first."""
    live = and_(
        Redemption.member_id == Coupon.member_id, Redemption.coupon_id == Coupon.id, Redemption.reversed_at.is_(None)
    )
    query: Select[Any] = (
        select(Coupon, Member, Redemption, Store)
        .join(Member, Member.id == Coupon.member_id)
        .outerjoin(Redemption, live)
        .outerjoin(Store, Store.id == Redemption.store_id)
        .where(Coupon.campaign_id == campaign_id, *wanted)
    )
    return keyset.rows(query, ORDER, asked)


def list_days(campaign_id: int, *, first: date, last: date) -> list[CampaignDay]:
    """Every day from the first to the last, those on which nothing happened too; redemptions taken back left out."""
    issued = by_day(Coupon.issued_at, Coupon.campaign_id == campaign_id, first=first, last=last)
    used = by_day(
        Redemption.redeemed_at,
        Redemption.campaign_id == campaign_id,
        Redemption.reversed_at.is_(None),
        first=first,
        last=last,
        total=func.sum(Redemption.discount_fen),
    )
    none: Sequence[int] = (0, 0)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [CampaignDay(day, issued.get(day, none)[0], *used.get(day, none)) for day in days]


def titles_of_coupons(member_id: int, coupon_ids: Collection[int]) -> dict[int, str]:
    """What the member's coupons are called, by id."""
    rows = db.session.execute(
        select(Coupon.id, Campaign.title)
        .join(Campaign, Campaign.id == Coupon.campaign_id)
        .where(Coupon.member_id == member_id, Coupon.id.in_(coupon_ids))
    )
    return dict(rows.tuples().all())
