"""How many coupons of campaigns went out and came back, for the console."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import campaign_sums
from app.benefits.coupons.models import Coupon
from app.benefits.stock.models import StockBucket
from app.kernel import clock
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page

CAMPAIGN_ORDER = Order(Campaign.id.desc())
COUPON_ORDER = Order(Coupon.id.desc())


@dataclass(frozen=True, slots=True)
class Counted:
    """A campaign, its coupons issued (void ones left out) and redeemed, and the stock left (None: unlimited)."""

    campaign: Campaign
    issued: int
    redeemed: int
    left: int | None


def list_counted(*wanted: ColumnElement[bool], order: Order = CAMPAIGN_ORDER, asked: Asked = FIRST) -> Page[Counted]:
    """A page of campaigns with their counts, the newest first if not asked otherwise."""
    page = keyset.scalars(select(Campaign).where(*wanted), order, asked)
    return page.with_items(count_coupons(page.items))


def count_coupons(campaigns: Sequence[Campaign]) -> list[Counted]:
    """The campaigns with their counts, in the given order."""
    ids = [campaign.id for campaign in campaigns]
    tallies = campaign_sums.tally(campaigns, last=clock.business_date(clock.now()))
    stock = db.session.execute(
        select(StockBucket.campaign_id, func.sum(StockBucket.remaining))
        .where(StockBucket.campaign_id.in_(ids))
        .group_by(StockBucket.campaign_id)
    )
    left = {campaign_id: int(remaining) for campaign_id, remaining in stock}
    return [
        Counted(one, tallies[one.id].issued.count, tallies[one.id].redeemed.count, left.get(one.id))
        for one in campaigns
    ]


def list_coupons_of(
    *wanted: ColumnElement[bool], order: Order = COUPON_ORDER, asked: Asked = FIRST
) -> Page[tuple[Coupon, Campaign]]:
    """A page of coupons in every state, the newest first if not asked otherwise."""
    query = select(Coupon, Campaign).join(Campaign, Campaign.id == Coupon.campaign_id).where(*wanted)
    return keyset.rows(query, order, asked)
