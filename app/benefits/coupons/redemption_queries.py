"""Reading redemptions of a mall, over all members."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, case, literal, select

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons.models import Coupon, Redemption
from app.identity.models import Member
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.malls.models import Store

# What is added up of redemptions: the live ones, their discounts in fen, and the mall's part of them in fen.
AMOUNTS = [
    case((Redemption.reversed_at.is_(None), amount), else_=0)
    for amount in (literal(1), Redemption.discount_fen, Redemption.mall_fen)
]
ORDER = Order(Redemption.redeemed_at.desc(), Redemption.member_id.desc(), Redemption.id.desc())


def list_redemptions(
    *wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST
) -> Page[tuple[Redemption, Campaign, Coupon, Store, Member]]:
    """A page of redemptions, taken back or not, with all they refer to, the latest first if not asked otherwise."""
    query = (
        select(Redemption, Campaign, Coupon, Store, Member)
        .join(Campaign, Campaign.id == Redemption.campaign_id)
        .join(Coupon, and_(Coupon.member_id == Redemption.member_id, Coupon.id == Redemption.coupon_id))
        .join(Store, Store.id == Redemption.store_id)
        .join(Member, Member.id == Redemption.member_id)
        .where(*wanted)
    )
    return keyset.rows(query, order, asked)


def titles_of(public_ids: Collection[str]) -> dict[str, str]:
    """What was redeemed, by the redemption's public id."""
    if not public_ids:
        return {}
    rows = db.session.execute(
        select(Redemption.public_id, Campaign.title)
        .join(Campaign, Campaign.id == Redemption.campaign_id)
        .where(Redemption.public_id.in_(sorted(public_ids)))
    )
    return dict(rows.tuples().all())


def list_by_public_ids(member_ids: Sequence[int], public_ids: Sequence[str]) -> list[tuple[Redemption, str]]:
    """The member's redemptions that bear these ids, with their campaigns' titles."""
    rows = db.session.execute(
        select(Redemption, Campaign.title)
        .join(Campaign, Campaign.id == Redemption.campaign_id)
        .where(Redemption.member_id.in_(member_ids), Redemption.public_id.in_(public_ids))
    )
    return list(rows.tuples())


def list_of_coupon(member_id: int, coupon_id: int) -> list[tuple[Redemption, Store]]:
    """Every use of the member's coupon with its store, undone ones too, the first one first."""
    rows = db.session.execute(
        select(Redemption, Store)
        .join(Store, Store.id == Redemption.store_id)
        .where(Redemption.member_id == member_id, Redemption.coupon_id == coupon_id)
        .order_by(Redemption.id)
    )
    return list(rows.tuples())


def last_undone(member_id: int, coupon_ids: Sequence[int]) -> dict[int, Redemption]:
    """The last use of each of the member's coupons that was undone, by the coupon's id."""
    undone = db.session.scalars(
        select(Redemption)
        .where(
            Redemption.member_id == member_id,
            Redemption.coupon_id.in_(coupon_ids),
            Redemption.reversed_at.is_not(None),
        )
        .order_by(Redemption.id)
    )
    return {one.coupon_id: one for one in undone}
