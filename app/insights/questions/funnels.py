"""From a code on the wall to a coupon in use: how many people went how far, and through which entrance."""

from dataclasses import dataclass

from sqlalchemy import distinct, func, select

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons.models import Coupon, CouponStatus
from app.benefits.grants import grants
from app.entrances.models import Entrance, EntranceScan
from app.insights.questions import figures
from app.insights.questions.figures import Span
from app.kernel.db import db


@dataclass(frozen=True, slots=True)
class Funnel:
    """Openings of the mall's entrances in a span, those that led to joining, and of these the gifts used by now."""

    scans: int
    joins: int
    used: int


@dataclass(frozen=True, slots=True)
class EntranceShare:
    """An entrance with its openings in a span and how many of these led to joining."""

    entrance_id: int
    name: str
    scans: int
    joins: int


def read(mall_id: int, span: Span) -> Funnel:
    """How far people came who opened an entrance in the span."""
    scans, joins = figures.count_scans(mall_id, span)
    return Funnel(scans, joins, _count_used(mall_id, span))


def list_entrances(mall_id: int, span: Span, *, most: int) -> list[EntranceShare]:
    """The entrances that were opened most often in the span."""
    scans, joins = func.count(), func.count(EntranceScan.joined_at)
    rows = db.session.execute(
        select(Entrance.id, Entrance.name, scans, joins)
        .join_from(EntranceScan, Entrance, Entrance.id == EntranceScan.entrance_id)
        .where(
            Entrance.mall_id == mall_id,
            EntranceScan.unknown_scene.is_(None),
            figures.within_days(span),
            span.holds(EntranceScan.scanned_at),
        )
        .group_by(Entrance.id, Entrance.name)
        .order_by(scans.desc(), Entrance.id)
        .limit(most)
    )
    return [EntranceShare(*row) for row in rows]


def _count_used(mall_id: int, span: Span) -> int:
    """People who joined through an entrance in the span and have used a coupon that joining gave."""
    campaigns = select(Campaign.id).where(Campaign.mall_id == mall_id)
    used = select(func.count(distinct(Coupon.member_id))).where(
        Coupon.campaign_id.in_(campaigns),
        span.holds(Coupon.issued_at),
        Coupon.trigger == grants.JOIN,
        Coupon.entrance_id.is_not(None),
        Coupon.status == CouponStatus.REDEEMED.value,
    )
    return int(db.session.scalars(used).one())
