"""Carrying facts on by a day: what came is added, what left the windows is taken away, and the rest stays as it is.

That is right for members who are plain (`MemberStage.is_plain`) and of whom nothing was told late. Whoever else may
have changed is named, to be counted anew from all rows: by index, because they are few.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    Select,
    Table,
    and_,
    any_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from app.identity.models import Member, MemberMerge
from app.kernel import clock
from app.kernel.db import db, look_up_each, table_of
from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages.facts_sql import kinds
from app.lifecycle.stages.models import LifecycleNight, MemberStage
from app.lifecycle.stages.tallies.counting import BEFORE, VALUES, Near, Tally, as_moved, count
from app.malls import queries as malls
from app.purchases.models import Purchase
from app.timeline.models import DONE_BY_MEMBER, PRESENCE, EventKind, TimelineEvent

_STAGES, _PURCHASES, _EVENTS = table_of(MemberStage), table_of(Purchase), table_of(TimelineEvent)
# Who does this is not what they were by addition alone.
_COUNTED_ANEW = frozenset({EventKind.JOINED, EventKind.REFUNDED, EventKind.LEFT})
# What is written with the moment at which its request began may be seen a little later than others of that moment.
_SLACK = timedelta(days=1)
# Of more members than this share, and a few, rows are quicker read from end to end than by index.
SHARE_COUNTED_ANEW = 0.1
FEW = 1_000

# Whether a number is one of those it is about.
Among = Callable[[ColumnElement[int]], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Span:
    """A day of the mall as moments."""

    begin: datetime
    end: datetime

    @classmethod
    def of(cls, day: date) -> "Span":
        """The day's."""
        return cls(clock.start_of_day(day), clock.end_of_day(day))

    def holds(self, moment: ColumnElement[datetime]) -> ColumnElement[bool]:
        """Whether a moment is within the day."""
        return and_(moment >= self.begin, moment < self.end)


def moved_by(rules: Rules, *, day: date, among: Among | None = None) -> Select[Any]:
    """By how much the day moves the facts of each number: what came with it, less what left the windows.

    Columns: `member_id`, the sums of `models.FACTS` as differences, and whether somebody `bought`, `was_there` or
    `acted` on the day. In the order of the numbers, in which where they stand lies, too.
    """
    bought, acted = _bought(rules, day), _acted(day)
    if among is not None:
        bought, acted = bought.where(among(_PURCHASES.c.member_id)), acted.where(among(_EVENTS.c.member_id))
    one = union_all(bought, acted).subquery("parts").c
    came, recent, year = (_number(one[name]) for name in ("came", "left_recent", "left_year"))
    sums = {
        "recent_purchases": (came - recent) * one.purchases,
        "year_purchases": (came - year) * one.purchases,
        "year_fen": (came - year) * one.fen,
        "purchases": came * one.purchases,
        "monetary_fen": came * one.fen,
    }
    signs = {"bought": and_(one.came, one.purchases > 0), "was_there": one.was_there, "acted": one.acted}
    return (
        select(
            one.member_id,
            *(cast(func.sum(sums[name]), BigInteger).label(name) for name in _SUMS),
            *(func.bool_or(sign).label(name) for name, sign in signs.items()),
        )
        .group_by(one.member_id)
        .order_by(one.member_id)
    )


_SUMS = ("recent_purchases", "year_purchases", "year_fen", "purchases", "monetary_fen")


def _bought(rules: Rules, day: date) -> Select[Any]:
    """A row for each receipt of the three days on which it comes, leaves the recent window, or that of the spend.

    What was refunded wholly does not count as a purchase any more when it leaves; who is refunded on the day itself is
    counted anew.
    """
    one, moment = _PURCHASES.c, _PURCHASES.c.occurred_at
    came = Span.of(day).holds(moment)
    left_recent = leaves(day, rules.recent_days).holds(moment)
    left_year = leaves(day, rules.spend_days).holds(moment)
    mall_ids = [mall.id for mall in malls.list_malls()]
    counts = and_(one.refund_of_id.is_(None), or_(came, _is_kept(day)))
    return select(
        one.member_id,
        _number(counts).label("purchases"),
        one.amount_fen.label("fen"),
        came.label("came"),
        left_recent.label("left_recent"),
        left_year.label("left_year"),
        false().label("was_there"),
        false().label("acted"),
    ).where(one.mall_id == any_(literal(mall_ids, ARRAY(BigInteger))), or_(came, left_recent, left_year))


def _is_kept(day: date) -> ColumnElement[bool]:
    """Whether a purchase was not wholly refunded by the end of the day."""
    refund = _PURCHASES.alias("refund").c
    of_this = and_(refund.member_id == _PURCHASES.c.member_id, refund.refund_of_id == _PURCHASES.c.id)
    by_then = func.coalesce(func.sum(refund.amount_fen).filter(refund.occurred_at < Span.of(day).end), 0)
    refunded = select(by_then).where(of_this).scalar_subquery()
    # Hardly any was refunded at all, which an index alone tells.
    return or_(~select(refund.id).where(of_this).exists(), _PURCHASES.c.amount_fen + refunded > 0)


def leaves(day: date, days: int) -> Span:
    """The day that has left a window of so many days when the window ends with this one."""
    return Span.of(day - timedelta(days=days))


def _acted(day: date) -> Select[Any]:
    """A row for each thing that somebody did on the day."""
    one, nothing = _EVENTS.c, literal(0, BigInteger)
    return select(
        one.member_id,
        nothing.label("purchases"),
        nothing.label("fen"),
        *(false().label(name) for name in ("came", "left_recent", "left_year")),
        (one.kind == any_(kinds("presence", PRESENCE))).label("was_there"),
        true().label("acted"),
    ).where(Span.of(day).holds(one.occurred_at), one.kind == any_(kinds("behaviour", DONE_BY_MEMBER)))


def carry(moves: Table, *, day: date, near: Near) -> tuple[set[int], Tally]:
    """Let plain members have the facts of the day, by what it moves; returns the other numbers with rows that came or
    left, of people who are counted by all their rows, or not known yet: and what that changed in who has which value.
    """
    own, by = _STAGES.c, moves.c
    today = literal(day, Date)
    carried = (
        update(_STAGES)
        .where(own.member_id == by.member_id, own.is_plain)
        .values(
            {
                **{own[name]: own[name] + by[name] for name in _SUMS},
                own.last_purchase_on: case((by.bought, today), else_=own.last_purchase_on),
                own.last_presence_on: case((by.was_there, today), else_=own.last_presence_on),
                own.last_behaviour_on: case((by.acted, today), else_=own.last_behaviour_on),
            }
        )
        .returning(own.member_id, *_before(by), *(own[name] for name in VALUES), _moves_values(by))
        .cte("carried")
    )
    others = select(by.member_id).where(by.member_id.not_in(select(carried.c.member_id)))
    with look_up_each():
        moved = union_all(*(side.where(carried.c.moves_values) for side in as_moved(carried))).cte("moved")
        tally, numbers = count(moved, near, also=others)
    return set(numbers), tally


def _before(by: ReadOnlyColumnCollection[str, Any]) -> list[ColumnElement[Any]]:
    """What a row that was carried on had before: what it has less what was added; its last day is looked up."""
    own, before = _STAGES.c, _STAGES.alias("before").c
    last_purchase_on = select(before.last_purchase_on).where(before.member_id == own.member_id).scalar_subquery()
    values = {
        **{name: own[name] - by[name] for name in VALUES if name in _SUMS},
        "last_purchase_on": case((by.bought, last_purchase_on), else_=own.last_purchase_on),
    }
    return [value.label(BEFORE + name) for name, value in values.items()]


def _moves_values(by: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[bool]:
    moved = or_(by.bought, *(by[name] != 0 for name in VALUES if name in _SUMS))
    return moved.label("moves_values")


def list_uncertain(*, day: date, last: LifecycleNight) -> set[int]:
    """The numbers of everybody else whom the day may have changed otherwise, since the last night or for it."""
    told_since = clock.business_date(last.started_at)
    seen_since = clock.start_of_day(min(day, told_since)) - _SLACK
    merged_or_undone = or_(MemberMerge.merged_at >= seen_since, MemberMerge.undone_at >= seen_since)
    asked = (
        _list_not_added(day),
        select(_EVENTS.c.member_id).where(_EVENTS.c.late_on >= told_since),
        select(Member.id).where(Member.created_at >= seen_since),
        select(MemberMerge.from_member_id).where(merged_or_undone),
        select(MemberMerge.into_member_id).where(merged_or_undone),
    )
    return {number for numbers in asked for number in db.session.scalars(numbers.distinct())}


def are_too_many(uncertain: Collection[int], *, members: int) -> bool:
    """Whether so many would be counted anew that it is quicker to count everybody."""
    return len(uncertain) > members * SHARE_COUNTED_ANEW + FEW


def _list_not_added(day: date) -> Select[tuple[int]]:
    return select(_EVENTS.c.member_id).where(
        Span.of(day).holds(_EVENTS.c.occurred_at), _EVENTS.c.kind == any_(kinds("anew", _COUNTED_ANEW))
    )


def _number(holds: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where it holds, else 0."""
    return case((holds, 1), else_=0)
