"""Reading a store's redemptions, as its till sees them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, func, select, tuple_

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons.models import Coupon, CouponCode, Redemption
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.malls.models import Store

ORDER = Order(Redemption.redeemed_at.desc(), Redemption.id.desc())
# Of ten million coupons about sixty share their last four characters.
MOST_CODES = 1_000


def find_live_redemption(member_id: int, coupon_id: int) -> Row[tuple[Redemption, Store]] | None:
    """Where and when a coupon was used."""
    return db.session.execute(
        select(Redemption, Store)
        .join(Store, Store.id == Redemption.store_id)
        .where(Redemption.member_id == member_id, Redemption.coupon_id == coupon_id, Redemption.reversed_at.is_(None))
    ).first()


@dataclass(frozen=True, slots=True)
class Span:
    """A store's redemptions from one moment up to another; with `staff_id` only those by one of its people."""

    store_id: int
    since: datetime
    until: datetime
    staff_id: int | None = None

    @property
    def condition(self) -> ColumnElement[bool]:
        found = and_(
            Redemption.store_id == self.store_id,
            Redemption.redeemed_at >= self.since,
            Redemption.redeemed_at < self.until,
        )
        return found if self.staff_id is None else and_(found, Redemption.staff_id == self.staff_id)


@dataclass(frozen=True, slots=True)
class Share:
    """What one of a store's people redeemed of one campaign in a span, live ones only; amounts in fen."""

    staff_id: int | None
    campaign_title: str
    count: int
    discount_fen: int
    mall_fen: int


_ROWS = (
    select(Redemption, Campaign.title, Coupon.code)
    .join(Campaign, Campaign.id == Redemption.campaign_id)
    .join(Coupon, and_(Coupon.member_id == Redemption.member_id, Coupon.id == Redemption.coupon_id))
)


def list_redemptions(span: Span, *, asked: Asked = FIRST) -> Page[tuple[Redemption, str, str]]:
    """A page of the span's redemptions with their campaigns' titles and coupons' codes, the newest first."""
    return keyset.rows(_ROWS.where(span.condition), ORDER, asked)


def list_by_code_end(store_id: int, end: str, *, limit: int) -> list[tuple[Redemption, str, str]]:
    """A store's newest redemptions of coupons whose code ends so: four characters or more."""
    coupons = db.session.execute(
        select(CouponCode.member_id, CouponCode.coupon_id)
        .where(func.right(CouponCode.code, 4) == end[-4:], CouponCode.code.endswith(end, autoescape=True))
        .limit(MOST_CODES)
    ).all()
    rows = db.session.execute(
        _ROWS.where(
            Redemption.store_id == store_id,
            tuple_(Redemption.member_id, Redemption.coupon_id).in_([tuple(pair) for pair in coupons]),
        )
        .order_by(*ORDER.clauses())
        .limit(limit)
    )
    return [(row.Redemption, row.title, row.code) for row in rows] if coupons else []


def sum_shares(span: Span) -> list[Share]:
    """The span's live redemptions by who redeemed and by campaign, the most first."""
    rows = db.session.execute(
        select(
            Redemption.staff_id,
            Campaign.title,
            func.count(),
            func.sum(Redemption.discount_fen),
            func.sum(Redemption.mall_fen),
        )
        .join(Campaign, Campaign.id == Redemption.campaign_id)
        .where(span.condition, Redemption.reversed_at.is_(None))
        .group_by(Redemption.staff_id, Campaign.id, Campaign.title)
        .order_by(func.count().desc(), Campaign.id)
    )
    return [Share(staff_id, title, count, int(discount), int(mall)) for staff_id, title, count, discount, mall in rows]
