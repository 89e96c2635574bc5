"""Reading redemptions of a mall, over all members."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, case, literal, select

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons.models import Coupon, Redemption
from app.identity.models import Member
from app.kernel.db import db
from app.kernel.lists import keyset, totals
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.lists.totals import Totals
from app.malls.models import Store

ORDER = Order(Redemption.redeemed_at.desc(), Redemption.member_id.desc(), Redemption.id.desc())


def list_redemptions(
    *wanted: ColumnElement[bool], asked: Asked = FIRST
) -> Page[tuple[Redemption, Campaign, Coupon, Store, Member]]:
    """A page of redemptions, taken back or not, with all they refer to, the latest first."""
    query = (
        select(Redemption, Campaign, Coupon, Store, Member)
        .join(Campaign, Campaign.id == Redemption.campaign_id)
        .join(Coupon, and_(Coupon.member_id == Redemption.member_id, Coupon.id == Redemption.coupon_id))
        .join(Store, Store.id == Redemption.store_id)
        .join(Member, Member.id == Redemption.member_id)
        .where(*wanted)
    )
    return keyset.rows(query, ORDER, asked)


def count_redemptions(*wanted: ColumnElement[bool]) -> Totals:
    """How many redemptions; sums: the live ones among them, their discounts in fen, the mall's part in fen."""
    live = (literal(1), Redemption.discount_fen, Redemption.mall_fen)
    amounts = [case((Redemption.reversed_at.is_(None), amount), else_=0) for amount in live]
    return totals.count(Redemption, wanted, ORDER, amounts=amounts)


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
