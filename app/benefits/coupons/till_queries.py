"""Reading a store's redemptions, as its till sees them."""

from datetime import datetime

from sqlalchemy import Row, func, select

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons.models import Redemption
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.malls.models import Store

ORDER = Order(Redemption.redeemed_at.desc(), Redemption.id.desc())


def find_live_redemption(member_id: int, coupon_id: int) -> Row[tuple[Redemption, Store]] | None:
    """Where and when a coupon was used."""
    return db.session.execute(
        select(Redemption, Store)
        .join(Store, Store.id == Redemption.store_id)
        .where(Redemption.member_id == member_id, Redemption.coupon_id == coupon_id, Redemption.reversed_at.is_(None))
    ).first()


def list_redemptions(
    *, store_id: int, since: datetime, until: datetime, asked: Asked = FIRST
) -> Page[tuple[Redemption, str]]:
    """A page of a store's redemptions of a span with their campaigns' titles, the newest first."""
    query = (
        select(Redemption, Campaign.title)
        .join(Campaign, Campaign.id == Redemption.campaign_id)
        .where(Redemption.store_id == store_id, Redemption.redeemed_at >= since, Redemption.redeemed_at < until)
    )
    return keyset.rows(query, ORDER, asked)


def sum_redemptions(*, store_id: int, since: datetime, until: datetime) -> tuple[int, int, int]:
    """A store's live redemptions of a span: count, discount in fen, the mall's part in fen."""
    row = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Redemption.discount_fen), 0),
            func.coalesce(func.sum(Redemption.mall_fen), 0),
        ).where(
            Redemption.store_id == store_id,
            Redemption.redeemed_at >= since,
            Redemption.redeemed_at < until,
            Redemption.reversed_at.is_(None),
        )
    ).one()
    return int(row[0]), int(row[1]), int(row[2])
