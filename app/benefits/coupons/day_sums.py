"""Coupons by day: what pages count without reading every one."""

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons.models import Coupon, CouponStatus, Redemption
from app.kernel.day_sums.series import Series

# Coupons that were issued and are not void, by campaign.
ISSUED = Series(
    name="issued",
    # Campaign by campaign: the index has each one's coupons by the moment they were issued.
    origin=Coupon.__table__.join(Campaign.__table__, Campaign.id == Coupon.campaign_id),
    mall=Campaign.mall_id,
    key=Coupon.campaign_id,
    moment=Coupon.issued_at,
    wanted=[Coupon.status != CouponStatus.VOID.value],
)
# Redemptions that stand, in the mall of the store, by campaign; amount: what customers were spared, in fen.
REDEEMED = Series(
    name="redeemed",
    origin=Redemption.__table__,
    mall=Redemption.mall_id,
    key=Redemption.campaign_id,
    moment=Redemption.redeemed_at,
    amount=Redemption.discount_fen,
    wanted=[Redemption.reversed_at.is_(None)],
)

SERIES = {one.name: one for one in (ISSUED, REDEEMED)}
