"""How many coupons of campaigns went out, and how many were used: ever, and by day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from app.benefits.campaigns.models import Campaign, CampaignStore
from app.benefits.coupons.day_sums import ISSUED, REDEEMED
from app.kernel import clock
from app.kernel.day_sums.reading import DaySums
from app.kernel.day_sums.series import NOTHING, Sum
from app.kernel.db import db
from app.malls.models import Store


@dataclass(frozen=True, slots=True)
class CampaignDay:
    """How many coupons of a campaign were issued and used on a day of the mall, and what customers were spared."""

    day: date
    issued: int
    redeemed: int
    discount_fen: int


@dataclass(slots=True)
class Tally:
    """Coupons of one campaign that were issued, and those used with what customers were spared, in fen."""

    issued: Sum = field(default=NOTHING)
    redeemed: Sum = field(default=NOTHING)


def tally(campaigns: Sequence[Campaign], *, last: date) -> dict[int, Tally]:
    """What came of each campaign up to the end of a day; void coupons and redemptions taken back are left out."""
    found = {campaign.id: Tally() for campaign in campaigns}
    for mall_id in {campaign.mall_id for campaign in campaigns}:
        for campaign_id, one in DaySums(mall_id, [ISSUED]).by_key(ISSUED, last=last, keys=found).items():
            found[campaign_id].issued = one
    for mall_id in _malls_of(campaigns):
        for campaign_id, one in DaySums(mall_id, [REDEEMED]).by_key(REDEEMED, last=last, keys=found).items():
            found[campaign_id].redeemed = found[campaign_id].redeemed.plus(one)
    return found


def list_days(campaign: Campaign, *, first: date, last: date) -> list[CampaignDay]:
    """Every day from the first to the last, those on which nothing happened too; redemptions taken back left out."""
    keys = [campaign.id]
    issued = DaySums(campaign.mall_id, [ISSUED]).by_day(ISSUED, first=first, last=last, keys=keys)
    used = dict[date, Sum]()
    for mall_id in _malls_of([campaign]):
        for day, one in DaySums(mall_id, [REDEEMED]).by_day(REDEEMED, first=first, last=last, keys=keys).items():
            used[day] = used.get(day, NOTHING).plus(one)
    return [_day(day, issued.get(day, NOTHING), used.get(day, NOTHING)) for day in clock.each_day(first, last)]


def _day(day: date, issued: Sum, used: Sum) -> CampaignDay:
    return CampaignDay(day, issued.count, used.count, used.amount)


def _malls_of(campaigns: Sequence[Campaign]) -> set[int]:
    """Where their coupons can be used: in their own malls, and wherever a store of theirs stands."""
    ids = [campaign.id for campaign in campaigns]
    stores = select(Store.mall_id).join(CampaignStore, CampaignStore.store_id == Store.id)
    named = db.session.scalars(stores.where(CampaignStore.campaign_id.in_(ids)).distinct())
    return {campaign.mall_id for campaign in campaigns} | set(named)
