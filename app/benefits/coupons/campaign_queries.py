"""What became of one campaign's coupons: who got them, and what was used where."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons.models import Coupon, Redemption
from app.identity.models import Member
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.malls.models import Store

ORDER = Order(Coupon.issued_at.desc(), Coupon.member_id.desc(), Coupon.id.desc())


def list_holders(
    campaign_id: int, *wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST
) -> Page[tuple[Coupon, Member, Redemption | None, Store | None]]:
    """A page of the campaign's coupons, with whose they are and, once used, where; the latest issued first if not
    asked otherwise.
    """
    live = and_(
        Redemption.member_id == Coupon.member_id, Redemption.coupon_id == Coupon.id, Redemption.reversed_at.is_(None)
    )
    query: Select[Any] = (
        select(Coupon, Member, Redemption, Store)
        .join(Member, Member.id == Coupon.member_id)
        .outerjoin(Redemption, live)
        .outerjoin(Store, Store.id == Redemption.store_id)
        .where(Coupon.campaign_id == campaign_id, *wanted)
    )
    return keyset.rows(query, order, asked)


def titles_of_coupons(member_ids: Collection[int], coupon_ids: Collection[int]) -> dict[int, str]:
    """What the member's coupons are called, by id."""
    rows = db.session.execute(
        select(Coupon.id, Campaign.title)
        .join(Campaign, Campaign.id == Coupon.campaign_id)
        .where(Coupon.member_id.in_(member_ids), Coupon.id.in_(coupon_ids))
    )
    return dict(rows.tuples().all())
