"""Campaigns, coupons, and the till that redeems them."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

from app.benefits.campaigns import campaigns
from app.benefits.campaigns.campaigns import Offer
from app.benefits.campaigns.models import Campaign, CampaignKind
from app.benefits.coupons import coupons
from app.benefits.coupons.models import Coupon
from app.flows.redemptions import Till
from app.identity.models import Member
from app.kernel import clock
from app.malls.models import Mall, Store
from app.settlement import agreements
from app.settlement.contracts import contracts

_numbers = itertools.count(1)
CASH = Offer(title="立减券", summary="立减", kind=CampaignKind.CASH, face_fen=1_000, valid_days=7, mall_share_bps=6_000)


def make_campaign(mall: Mall, *, stores: Sequence[Store] | None = None, **terms: object) -> Campaign:
    """A campaign of ten yuan off for a week, the mall paying 60 %, unless the terms say otherwise."""
    offer = replace(CASH, **terms)  # type: ignore[arg-type]
    store_ids = None if stores is None else [store.id for store in stores]
    return campaigns.create(mall.id, f"C{next(_numbers)}", offer, store_ids=store_ids, now=clock.now())


def make_coupon(member: Member, campaign: Campaign) -> Coupon:
    """A coupon of the campaign in the member's hands."""
    return coupons.issue(
        member.id, campaign, grant_key=f"test:{next(_numbers)}", trigger="test", entrance_id=None, now=clock.now()
    )


def make_till(store: Store, *, staff_id: int = 1) -> Till:
    """A clerk's till in the store, whose merchant has terms and an open book."""
    today = clock.business_date(clock.now())
    if contracts.find_terms(store.mall_id, store.merchant_id, on=today) is None:
        agreements.add_terms(
            store.mall_id,
            store.merchant_id,
            effective_from=clock.first_of_month(today),
            commission_bps=500,
            issue_price_fen=80,
            redeem_price_fen=90,
        )
    return Till(
        mall_id=store.mall_id,
        merchant_id=store.merchant_id,
        store_id=store.id,
        store_name=store.name,
        floor=store.floor,
        staff_id=staff_id,
        staff_name="店员",
    )
