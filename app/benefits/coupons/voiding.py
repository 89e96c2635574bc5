"""Voiding what was not used: of who leaves, what they had been given before already, or what is given back."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update

from app.benefits.coupons.day_sums import ISSUED
from app.benefits.coupons.models import Coupon, CouponStatus
from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import db


def give_up_all(member_id: int, *, now: datetime) -> int:
    """Void what a locked member has not used, and forget the plates on all of their coupons.

    Locks every one: a use undone meanwhile ends as void. Returns how many could still be used. None is reserved.
    """
    held = _lock(member_id)
    for coupon in held:
        coupon.plate = None
    unused = _void(held)
    return sum(coupon.valid_until > now for coupon in unused)


def take_back_unused(member_id: int, *, triggers: Collection[str]) -> None:
    """Void what a locked member was given by these triggers and has neither used nor reserved."""
    _void([coupon for coupon in _lock(member_id) if coupon.trigger in triggers])


def void_unused(member_id: int, coupon_id: int, *, now: datetime) -> bool:
    """Void one coupon that could still be used: the update decides against tills. False when there is none."""
    own = (Coupon.member_id == member_id, Coupon.id == coupon_id)
    free = (Coupon.status == CouponStatus.ISSUED.value, Coupon.valid_until > now)
    voided = update(Coupon).where(*own, *free).values(status=CouponStatus.VOID.value, plate=None)
    row = db.session.execute(voided.returning(Coupon.mall_id, Coupon.issued_at)).first()
    if row is None:
        return False
    marks.note(ISSUED, row.mall_id, clock.business_date(row.issued_at))
    return True


def _lock(member_id: int) -> Sequence[Coupon]:
    return db.session.scalars(
        select(Coupon)
        .where(Coupon.member_id == member_id)
        .order_by(Coupon.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _void(coupons: Sequence[Coupon]) -> Sequence[Coupon]:
    """Those of the locked coupons that nobody has used: they are void now."""
    unused = [coupon for coupon in coupons if coupon.status == CouponStatus.ISSUED.value]
    for coupon in unused:
        coupon.status = CouponStatus.VOID.value
    db.session.flush()
    marks.note_all(ISSUED, ((coupon.mall_id, clock.business_date(coupon.issued_at)) for coupon in unused))
    return unused
