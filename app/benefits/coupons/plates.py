"""Which car a member's parking coupons are for."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update

from app.benefits.coupons.models import Coupon, CouponStatus
from app.kernel.db import db


def bind_plate(member_id: int, plate: str, *, now: datetime, except_of: Collection[str] = ()) -> int:
    """Tie the member's unbound, unused parking coupons to a plate, except those of some triggers; returns how many."""
    bound = db.session.execute(
        update(Coupon)
        .where(
            Coupon.member_id == member_id,
            Coupon.parking_minutes > 0,
            Coupon.plate.is_(None),
            Coupon.trigger.not_in(except_of),
            Coupon.status == CouponStatus.ISSUED.value,
            Coupon.valid_until > now,
        )
        .values(plate=plate)
        .returning(Coupon.id)
    ).all()
    return len(bound)


def unbind_plate(member_id: int, plate: str) -> int:
    """Let the member's unused coupons of a plate be used for their other cars; returns how many."""
    freed = db.session.execute(
        update(Coupon)
        .where(Coupon.member_id == member_id, Coupon.plate == plate, Coupon.status == CouponStatus.ISSUED.value)
        .values(plate=None)
        .returning(Coupon.id)
    ).all()
    return len(freed)
