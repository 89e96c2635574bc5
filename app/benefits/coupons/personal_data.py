"""Personal data: coupons and their use."""

from typing import Any

from sqlalchemy import Select, and_, select

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons.models import Coupon, Redemption
from app.kernel.personal_data import Ids, Sections
from app.malls.models import Mall, Store


def _coupons(ids: Ids) -> Select[Any]:
    one = Coupon
    return (
        select(
            one.code,
            Campaign.title,
            Campaign.kind,
            Mall.name.label("mall"),
            one.status,
            one.plate,
            one.issued_at,
            one.valid_from,
            one.valid_until,
            one.redeemed_at,
        )
        .join(Campaign, Campaign.id == one.campaign_id)
        .join(Mall, Mall.id == one.mall_id)
        .where(one.member_id.in_(ids))
        .order_by(one.issued_at, one.id)
    )


def _redemptions(ids: Ids) -> Select[Any]:
    one = Redemption
    return (
        select(
            Coupon.code.label("coupon"),
            Campaign.title,
            Store.name.label("store"),
            one.spend_fen,
            one.discount_fen,
            one.redeemed_at,
            one.reversed_at,
        )
        .join(Coupon, and_(Coupon.member_id == one.member_id, Coupon.id == one.coupon_id))
        .join(Campaign, Campaign.id == one.campaign_id)
        .join(Store, Store.id == one.store_id)
        .where(one.member_id.in_(ids))
        .order_by(one.redeemed_at, one.id)
    )


SECTIONS: Sections = {
    "coupons": _coupons,
    "redemptions": _redemptions,
}

# Tables with a member's key that are not in the document, and why.
LEFT_OUT = {
    "carried_coupons": "which coupons stand for those of a member who was merged; the coupons are there",
    "coupon_codes": "a directory of the codes that stand with the coupons",
}
