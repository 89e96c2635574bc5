"""What members brought and took on a day: commission less what benefits and messages cost the mall, and their stays.

Read from those who know: receipts with their postings, uses of coupons, points that paid for parking, messages and
stays. All is of the mall's day on which it happened.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, func, literal, or_, select, union_all

from app.benefits.coupons.models import Redemption
from app.identity.models import Member, MemberStatus
from app.kernel import clock
from app.kernel.db import take_long
from app.lifecycle.values import values
from app.malls import queries as malls
from app.outreach.messages.models import OutreachMessage
from app.outreach.prices import prices
from app.parking.payment.models import ParkingPayment
from app.parking.sessions.models import ParkingSession, SessionNote
from app.purchases.models import Purchase
from app.settlement.ledger.models import Posting, PostingKind

_PER = 1_000  # messages have a price by the thousand
_MINUTE = 60
# Both ends of these are known in the end.
_TOLD_LATE = (SessionNote.ENTRY_LATE.value, SessionNote.EXIT_LATE.value)


class _Day(NamedTuple):
    """A day as moments, and all malls: the indexes of what happened begin with the mall."""

    since: datetime
    until: datetime
    mall_ids: list[int]

    def holds(self, moment: Any) -> ColumnElement[bool]:
        return and_(moment >= self.since, moment < self.until)


def count_next_day(*, now: datetime) -> tuple[date, int] | None:
    """Count the day that waits, and how many members have a row of it; None when none waits."""
    day = values.take_due()
    if day is None:
        return None
    take_long()
    return day, values.keep(day, _counted(day), now=now)


def _counted(day: date) -> Select[Any]:
    """The sums of each member who did anything on the day, without those who have left."""
    of_day = _Day(clock.start_of_day(day), clock.end_of_day(day), [mall.id for mall in malls.list_malls()])
    parts = union_all(
        _commission(of_day),
        _used(of_day),
        _reversed(of_day),
        _points(of_day),
        _messages(of_day, day),
        _stays(of_day),
    ).subquery("parts")
    return (
        select(
            parts.c.member_id,
            *(cast(func.sum(parts.c[name]), BigInteger).label(name) for name in values.SUMS),
        )
        .join(Member, Member.id == parts.c.member_id)
        .where(Member.status != MemberStatus.CLOSED.value)
        .group_by(parts.c.member_id)
    )


def _part(member_id: Any, **sums: Any) -> Select[Any]:
    """Rows of a member with some of the sums."""
    return select(
        member_id.label("member_id"),
        *(cast(sums.get(name, literal(0)), BigInteger).label(name) for name in values.SUMS),
    )


def _commission(day: _Day) -> Select[Any]:
    """What merchants owe for the receipts of the day; what was brought in without a ledger has none."""
    fact = func.concat("purchase:", Purchase.source, ":", Purchase.receipt_no)
    posted = and_(Posting.kind == PostingKind.COMMISSION.value, Posting.fact == fact)
    return (
        _part(Purchase.member_id, commission_fen=-Posting.amount_fen)
        .join(Posting, posted)
        .where(Purchase.mall_id.in_(day.mall_ids), day.holds(Purchase.occurred_at))
    )


def _used(day: _Day) -> Select[Any]:
    one = Redemption
    return _part(one.member_id, benefits_fen=one.mall_fen, discount_fen=one.discount_fen).where(
        one.mall_id.in_(day.mall_ids), day.holds(one.redeemed_at)
    )


def _reversed(day: _Day) -> Select[Any]:
    """Uses that were taken back on the day, whenever they were."""
    one = Redemption
    return _part(one.member_id, benefits_fen=-one.mall_fen, discount_fen=-one.discount_fen).where(
        one.mall_id.in_(day.mall_ids), one.reversed_at.is_not(None), day.holds(one.reversed_at)
    )


def _points(day: _Day) -> Select[Any]:
    """What the mall owes the operators of car parks for points that paid for a stay."""
    posted = and_(
        Posting.kind == PostingKind.POINTS_SPENT.value,
        Posting.fact == func.concat("points:parking:", ParkingPayment.public_id),
    )
    return (
        _part(ParkingPayment.member_id, benefits_fen=Posting.amount_fen)
        .join(Posting, posted)
        .where(ParkingPayment.mall_id.in_(day.mall_ids), day.holds(ParkingPayment.paid_at))
    )


def _messages(day: _Day, on: date) -> Select[Any]:
    """Messages that went out, at the prices of the day; a part of a fen counts as one."""
    one = OutreachMessage
    price = case(prices.in_force(on).by_channel_codes(), value=one.channel, else_=0)
    cost = func.ceil(func.sum(price) * 1.0 / _PER)
    return (
        _part(one.member_id, message_cost_fen=cost)
        .where(or_(one.mall_id.in_(day.mall_ids), one.mall_id.is_(None)), day.holds(one.sent_at))
        .group_by(one.member_id)
    )


def _stays(day: _Day) -> Select[Any]:
    """Stays of members that ended on the day; one of which an end is unknown tells no length."""
    one = ParkingSession
    minutes = func.floor(func.extract("epoch", one.exited_at - one.entered_at) / _MINUTE)
    return _part(one.member_id, stay_minutes=minutes).where(
        one.member_id.is_not(None), or_(one.note.is_(None), one.note.in_(_TOLD_LATE)), day.holds(one.exited_at)
    )
