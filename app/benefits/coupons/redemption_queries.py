"""Reading redemptions of a mall, over all members."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Row, and_, func, select

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons.models import Coupon, Redemption
from app.identity.models import Member
from app.kernel.db import db
from app.malls.models import Store

ORDER = (Redemption.redeemed_at, Redemption.member_id, Redemption.id)


def list_redemptions(
    *wanted: ColumnElement[bool], limit: int = 50
) -> Sequence[Row[tuple[Redemption, Campaign, Coupon, Store, Member]]]:
    """A page of redemptions, taken back or not, with all they refer to, the latest first (`ORDER`, descending)."""
    return db.session.execute(
        select(Redemption, Campaign, Coupon, Store, Member)
        .join(Campaign, Campaign.id == Redemption.campaign_id)
        .join(Coupon, and_(Coupon.member_id == Redemption.member_id, Coupon.id == Redemption.coupon_id))
        .join(Store, Store.id == Redemption.store_id)
        .join(Member, Member.id == Redemption.member_id)
        .where(*wanted)
        .order_by(*(column.desc() for column in ORDER))
        .limit(limit)
    ).all()


def sum_redemptions(*wanted: ColumnElement[bool]) -> tuple[int, int, int]:
    """Of the live ones among the wanted: how many, the discounts in fen, and the mall's part of them in fen."""
    row = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Redemption.discount_fen), 0),
            func.coalesce(func.sum(Redemption.mall_fen), 0),
        )
        .join(Store, Store.id == Redemption.store_id)
        .where(*wanted, Redemption.reversed_at.is_(None))
    ).one()
    return int(row[0]), int(row[1]), int(row[2])


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
