"""What a member was ever given, used, expired and void things too: what decides whether they are given it again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Text, any_, bindparam, literal, select, union_all

from app.benefits.coupons.models import CarriedCoupon, Coupon
from app.kernel.db import db
from app.kernel.fastpath.prepared import Prepared

_OF_CAMPAIGNS = any_(bindparam("campaign_ids", type_=ARRAY(BigInteger)))
# What was used by whoever was merged into the member counts, too: it has no coupon of the member's own.
_HELD = Prepared(
    union_all(
        select(Coupon.id, Coupon.campaign_id, Coupon.grant_key, Coupon.status).where(
            Coupon.member_id == bindparam("member_id"), Coupon.campaign_id == _OF_CAMPAIGNS
        ),
        select(
            literal(None, BigInteger).label("id"),
            CarriedCoupon.campaign_id,
            CarriedCoupon.grant_key,
            literal("carried", Text).label("status"),
        ).where(
            CarriedCoupon.member_id == bindparam("member_id"),
            CarriedCoupon.campaign_id == _OF_CAMPAIGNS,
            CarriedCoupon.coupon_id.is_(None),
        ),
    )
)


def list_held(member_id: int, campaign_ids: Sequence[int]) -> Sequence[Any]:
    """What the member ever got of these campaigns, void ones too: id, campaign_id, grant_key, status.

    Without an id, and of status `carried`: what somebody who was merged into them had got and used.
    """
    return _HELD.all(member_id=member_id, campaign_ids=list(campaign_ids))


def has_been_given(member_ids: Sequence[int], *, trigger: str) -> bool:
    """Whether any of the members was ever given a coupon by the trigger."""
    given = select(Coupon.id).where(Coupon.member_id.in_(member_ids), Coupon.trigger == trigger).limit(1)
    return db.session.scalar(given) is not None


def list_plates_given_to(member_ids: Sequence[int], *, triggers: Sequence[str]) -> set[str] | None:
    """The plates to which parking coupons of the triggers were tied; None when there was no such coupon at all."""
    rows = db.session.scalars(
        select(Coupon.plate).where(
            Coupon.member_id.in_(member_ids), Coupon.trigger.in_(triggers), Coupon.parking_minutes > 0
        )
    ).all()
    return {plate for plate in rows if plate is not None} if rows else None
