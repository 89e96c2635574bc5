"""From a code on the wall to a coupon in use: how many people went how far, and through which entrance."""

from dataclasses import dataclass

from sqlalchemy import distinct, func, literal_column, select

from app.benefits.coupons.models import Coupon
from app.entrances import queries as entrance_queries
from app.entrances.day_sums import SCANS
from app.insights.questions.figures import Counted, Figures, Span
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


def read(mall_id: int, span: Span, figures: Figures) -> Funnel:
    """How far people came who opened an entrance in the span, of which these are the figures."""
    return Funnel(figures.scans, figures.scan_joins, _count_used(mall_id, span))


def list_entrances(counted: Counted, *, most: int) -> list[EntranceShare]:
    """The entrances that were opened most often."""
    most_first = sorted(counted.of(SCANS).items(), key=lambda item: (-item[1].count, item[0]))[:most]
    names = entrance_queries.names_of([entrance_id for entrance_id, _ in most_first])
    return [EntranceShare(entrance_id, names[entrance_id], one.count, one.amount) for entrance_id, one in most_first]


def _count_used(mall_id: int, span: Span) -> int:
    """People who joined through an entrance in the span and have used a coupon that joining gave."""
    used = select(func.count(distinct(Coupon.member_id))).where(
        Coupon.mall_id == mall_id,
        span.holds(Coupon.issued_at),
        # In the words of the index that has these alone.
        Coupon.trigger == literal_column("'join'"),
        Coupon.entrance_id.is_not(None),
        Coupon.status == literal_column("'redeemed'"),
    )
    return int(db.session.scalars(used).one())
