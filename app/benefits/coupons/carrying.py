"""Coupons of a member who was found to be another: what can still be used goes along, and comes back unless it is used.

The one that goes along has the same terms, code and grant key; what was its own row is void. What was used or is over
stays where it is and is counted with the other's, so that nobody gets a gift twice.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from app.benefits.coupons.day_sums import ISSUED
from app.benefits.coupons.models import HANDED_BACK, CarriedCoupon, Coupon, CouponCode, CouponStatus
from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import db, table_of

_OWN = {"member_id", "id", "status", "grant_key"}


def carry_over(member_id: int, *, into: int, merge_id: int, now: datetime) -> int:
    """Give a locked survivor what the locked member who is merged into them can still use; returns how many.

    None is reserved.
    """
    held = _lock_all(member_id)
    carried = [(one.from_member_id, one.from_coupon_id, one) for one in _list_used(member_id)]
    taken = set(db.session.scalars(select(Coupon.grant_key).where(Coupon.member_id == into)))
    handed = 0
    for coupon in held:
        if coupon.status == CouponStatus.VOID.value:
            continue
        usable = coupon.status == CouponStatus.ISSUED.value and coupon.valid_until > now
        key = coupon.grant_key if coupon.grant_key not in taken else _merge_key(coupon)
        copy = _hand(coupon, into, grant_key=key) if usable else None
        handed += usable
        db.session.add(_note(into, merge_id, coupon.campaign_id, coupon.grant_key, (member_id, coupon.id), copy))
    for from_member_id, from_coupon_id, one in carried:
        origin = (from_member_id, from_coupon_id)
        db.session.add(_note(into, merge_id, one.campaign_id, one.grant_key, origin, None))
    db.session.flush()
    return handed


def _lock_all(member_id: int, coupon_ids: Sequence[int] | None = None) -> Sequence[Coupon]:
    """The member's coupons FOR UPDATE by ascending id: a use under way ends before they are looked at."""
    theirs = select(Coupon).where(Coupon.member_id == member_id).order_by(Coupon.id)
    if coupon_ids is not None:
        theirs = theirs.where(Coupon.id.in_(coupon_ids))
    return db.session.scalars(theirs.with_for_update().execution_options(populate_existing=True)).all()


def _list_used(member_id: int) -> Sequence[CarriedCoupon]:
    """What the member has by an earlier merge without a coupon of their own."""
    used = (CarriedCoupon.member_id == member_id, CarriedCoupon.coupon_id.is_(None))
    return db.session.scalars(select(CarriedCoupon).where(*used).order_by(CarriedCoupon.id)).all()


def _note(
    member_id: int, merge_id: int, campaign_id: int, grant_key: str, origin: tuple[int, int], copy: Coupon | None
) -> CarriedCoupon:
    return CarriedCoupon(
        member_id=member_id,
        merge_id=merge_id,
        campaign_id=campaign_id,
        grant_key=grant_key,
        from_member_id=origin[0],
        from_coupon_id=origin[1],
        coupon_id=copy.id if copy is not None else None,
    )


def _merge_key(coupon: Coupon) -> str:
    return f"merge:{coupon.member_id}:{coupon.id}"


def _hand(coupon: Coupon, member_id: int, *, grant_key: str) -> Coupon:
    """Void the coupon and give the other one like it, with its code."""
    terms = {column.name: getattr(coupon, column.name) for column in table_of(Coupon).c if column.name not in _OWN}
    before = _find_void(member_id, grant_key)
    if before is None:
        copy = Coupon(member_id=member_id, status=CouponStatus.ISSUED.value, grant_key=grant_key, **terms)
        db.session.add(copy)
    else:
        copy, copy.status, copy.plate = before, CouponStatus.ISSUED.value, coupon.plate
    coupon.status = CouponStatus.VOID.value
    db.session.flush()
    _give_code(copy)
    marks.note(ISSUED, coupon.mall_id, clock.business_date(coupon.issued_at))
    return copy


def _find_void(member_id: int, grant_key: str) -> Coupon | None:
    """The coupon that went along before and came back, when it goes along once more."""
    again = (Coupon.member_id == member_id, Coupon.grant_key == grant_key, Coupon.status == CouponStatus.VOID.value)
    return db.session.scalar(select(Coupon).where(*again).with_for_update())


def _give_code(coupon: Coupon) -> None:
    bearer = {"member_id": coupon.member_id, "coupon_id": coupon.id}
    db.session.execute(update(CouponCode).where(CouponCode.code == coupon.code).values(**bearer))


def hand_on(coupon: Coupon, member_id: int) -> None:
    """A use was undone after its member was merged: whom they became gets a coupon like it, and its code."""
    copy = _hand(coupon, member_id, grant_key=_merge_key(coupon))
    db.session.execute(
        update(CarriedCoupon)
        .where(
            CarriedCoupon.member_id == member_id,
            CarriedCoupon.from_member_id == coupon.member_id,
            CarriedCoupon.from_coupon_id == coupon.id,
        )
        .values(coupon_id=copy.id)
    )


def bring_back(member_id: int, *, merge_id: int, now: datetime) -> tuple[int, int]:
    """Undo a merge's part: what the locked survivor has not used goes back; returns how many, and how many are used.

    None is reserved. What is over goes back, too, for it was never the survivor's.
    """
    rows = _list_carried(member_id, merge_id)
    copies = {one.id: one for one in _lock_all(member_id, [row.coupon_id for row in rows if row.coupon_id is not None])}
    back = used = 0
    for row in rows:
        copy = copies.get(row.coupon_id) if row.coupon_id is not None else None
        if copy is not None and copy.status == CouponStatus.ISSUED.value:
            (origin,) = _lock_all(row.from_member_id, [row.from_coupon_id])
            copy.status, origin.status, origin.plate = CouponStatus.VOID.value, CouponStatus.ISSUED.value, copy.plate
            copy.grant_key = f"{HANDED_BACK}{copy.id}"  # what it was given for is the survivor's own to get
            db.session.flush()
            _give_code(origin)
            marks.note(ISSUED, origin.mall_id, clock.business_date(origin.issued_at))
            back += 1
        elif copy is not None:
            used += 1
        db.session.delete(row)
    db.session.flush()
    return back, used


def _list_carried(member_id: int, merge_id: int) -> Sequence[CarriedCoupon]:
    brought = (CarriedCoupon.member_id == member_id, CarriedCoupon.merge_id == merge_id)
    return db.session.scalars(select(CarriedCoupon).where(*brought).order_by(CarriedCoupon.id)).all()
