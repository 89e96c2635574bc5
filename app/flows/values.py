"""What members brought and took on a day: commission less what benefits and messages cost the mall, and their stays.

Read from those who know: receipts with their postings, uses of coupons, points that paid for parking, messages and
stays. All is of the mall's day on which it happened.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Select,
    Text,
    and_,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy import values as values_of

from app.benefits.coupons.models import Redemption
from app.identity.models import Member, MemberStatus
from app.kernel import clock
from app.kernel.db import take_long
from app.kernel.lists.days import day_of
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


class _Days(NamedTuple):
    """Some days on end, also as moments, and all malls: the indexes of what happened begin with the mall."""

    first: date
    last: date
    mall_ids: list[int]

    def holds(self, moment: Any) -> ColumnElement[bool]:
        since, until = clock.start_of_day(self.first), clock.end_of_day(self.last)
        return and_(moment >= since, moment < until)


def count_next_days(*, now: datetime) -> tuple[int, int] | None:
    """Count days on end that wait; returns how many days and how many rows they have. None when none waits."""
    days = values.take_due()
    if not days:
        return None
    take_long()
    return len(days), values.keep(days, _counted(days[0], days[-1]), now=now)


def _counted(first: date, last: date) -> Select[Any]:
    """The sums of each member and day on which they did anything, without those who have left."""
    days = _Days(first, last, [mall.id for mall in malls.list_malls()])
    parts = union_all(
        _commission(days), _used(days), _reversed(days), _points(days), _free(days), _messages(days), _stays(days)
    ).subquery("parts")
    return (
        select(
            parts.c.member_id,
            parts.c.day,
            *(cast(func.sum(parts.c[name]), BigInteger).label(name) for name in values.SUMS),
        )
        .join(Member, Member.id == parts.c.member_id)
        .where(Member.status != MemberStatus.CLOSED.value)
        .group_by(parts.c.member_id, parts.c.day)
    )


def _part(member_id: Any, day: ColumnElement[date], **sums: Any) -> Select[Any]:
    """Rows of a member and day with some of the sums."""
    return select(
        member_id.label("member_id"),
        day.label("day"),
        *(cast(sums.get(name, literal(0)), BigInteger).label(name) for name in values.SUMS),
    )


def _commission(days: _Days) -> Select[Any]:
    """What merchants owe for receipts; what was brought in without a ledger has none."""
    one, fact = Purchase, func.concat("purchase:", Purchase.source, ":", Purchase.receipt_no)
    posted = and_(Posting.kind == PostingKind.COMMISSION.value, Posting.fact == fact)
    return (
        _part(one.member_id, day_of(one.occurred_at), commission_fen=-Posting.amount_fen)
        .join(Posting, posted)
        .where(one.mall_id.in_(days.mall_ids), days.holds(one.occurred_at))
    )


def _used(days: _Days) -> Select[Any]:
    one = Redemption
    return _part(
        one.member_id, day_of(one.redeemed_at), benefits_fen=one.mall_fen, discount_fen=one.discount_fen
    ).where(one.mall_id.in_(days.mall_ids), days.holds(one.redeemed_at))


def _reversed(days: _Days) -> Select[Any]:
    """Uses that were taken back, on the day of that, whenever they were."""
    one = Redemption
    return _part(
        one.member_id, day_of(one.reversed_at), benefits_fen=-one.mall_fen, discount_fen=-one.discount_fen
    ).where(one.mall_id.in_(days.mall_ids), one.reversed_at.is_not(None), days.holds(one.reversed_at))


def _points(days: _Days) -> Select[Any]:
    """What the mall owes the operators of car parks for points that paid for a stay."""
    return _of_stays(days, PostingKind.POINTS_SPENT, "points:parking:")


def _free(days: _Days) -> Select[Any]:
    """What it owes them for the free minutes of tiers."""
    return _of_stays(days, PostingKind.PARKING_TIER, "parking:")


def _of_stays(days: _Days, kind: PostingKind, fact: str) -> Select[Any]:
    one = ParkingPayment
    posted = and_(Posting.kind == kind.value, Posting.fact == func.concat(fact, one.public_id))
    return (
        _part(one.member_id, day_of(one.paid_at), benefits_fen=Posting.amount_fen)
        .join(Posting, posted)
        .where(one.mall_id.in_(days.mall_ids), days.holds(one.paid_at))
    )


def _messages(days: _Days) -> Select[Any]:
    """Messages that went out, at the prices of their days; a part of a fen counts as one."""
    one, price = OutreachMessage, _prices(days)
    day = day_of(one.sent_at)
    return (
        _part(one.member_id, day, message_cost_fen=func.ceil(func.sum(price.c.fen) * 1.0 / _PER))
        .join(price, and_(price.c.day == day, price.c.channel == one.channel))
        .where(or_(one.mall_id.in_(days.mall_ids), one.mall_id.is_(None)), days.holds(one.sent_at), price.c.fen > 0)
        .group_by(one.member_id, day)
    )


def _prices(days: _Days) -> FromClause:
    """What a thousand messages cost on each day and channel."""
    rows = [
        (day, channel, fen)
        for day in clock.each_day(days.first, days.last)
        for channel, fen in prices.in_force(day).by_channel_codes().items()
    ]
    table = values_of(column("day", Date), column("channel", Text), column("fen", BigInteger), name="prices")
    return table.data(rows)


def _stays(days: _Days) -> Select[Any]:
    """Stays of members that ended on the day; one of which an end is unknown tells no length."""
    one = ParkingSession
    minutes = func.floor(func.extract("epoch", one.exited_at - one.entered_at) / _MINUTE)
    return _part(one.member_id, day_of(one.exited_at), stay_minutes=minutes).where(
        one.member_id.is_not(None),
        or_(one.note.is_(None), one.note.in_(_TOLD_LATE)),
        days.holds(one.exited_at),
    )
