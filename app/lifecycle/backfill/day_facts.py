"""The facts of everybody on each of many days: running sums over what each day brought and what left the windows.

Four queries, each over what those before it left: receipts and acts, by day what they move, and the days themselves.
A purchase that was brought back wholly counts from its day up to the one before it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Table,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from app.identity.models import Member, MemberStatus
from app.identity.people import as_rows
from app.kernel import clock
from app.kernel.db import table_of
from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages.facts_sql import day_of, kinds
from app.lifecycle.values.models import MemberValue
from app.purchases.models import Purchase
from app.timeline.models import DONE_BY_MEMBER, PRESENCE, TimelineEvent

_MEMBERS, _PURCHASES, _EVENTS = table_of(Member), table_of(Purchase), table_of(TimelineEvent)
_VALUES = table_of(MemberValue)
_COUNTED = (MemberStatus.VISITOR.value, MemberStatus.MEMBER.value)
# What is summed up from day to day, and what is the latest of so far.
_COUNTS = ("recent_purchases", "year_purchases", "purchases")
_FEN = ("year_fen", "monetary_fen", "margin_fen")
SUMS = (*_COUNTS, *_FEN)
LATEST = ("bought_on", "presence_on", "behaviour_on")


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row, with the rules that hold on all of them; `merged`: whose the numbers of merged members are."""

    first: date
    last: date
    rules: Rules
    merged: Mapping[int, int]

    @property
    def days(self) -> Sequence[date]:
        """Every one of them."""
        return clock.each_day(self.first, self.last)

    def table(self) -> FromClause:
        """A row a day."""
        days = bindparam("days", list(self.days), type_=ARRAY(Date()))
        return func.unnest(days).table_valued(column("day", Date()), name="days").render_derived()

    def person(self, rows: Table) -> tuple[ColumnElement[int], FromClause]:
        """Whose a row is, and the rows with what says so."""
        numbers = as_rows(self.merged.items(), name="merged")
        whose = func.coalesce(numbers.c.person_id, rows.c.member_id)
        return whose, rows.outerjoin(numbers, numbers.c.member_id == rows.c.member_id)


def receipts(span: Span) -> Select[Any]:
    """Every receipt up to the last day: whose, its day, fen, whether it is a purchase, and since when it is none."""
    one, voided = _PURCHASES, _voided(span).subquery("voided")
    person, rows = span.person(one)
    day = day_of(one.c.occurred_at)
    return (
        select(
            person.label("member_id"),
            day.label("day"),
            one.c.amount_fen.label("fen"),
            one.c.refund_of_id.is_(None).label("is_purchase"),
            func.greatest(voided.c.day, case((voided.c.day.is_not(None), day))).label("void_on"),
        )
        .select_from(rows.outerjoin(voided, and_(voided.c.member_id == one.c.member_id, voided.c.id == one.c.id)))
        .where(one.c.occurred_at < clock.end_of_day(span.last))
    )


def _voided(span: Span) -> Select[Any]:
    """Purchases of which nothing is left, and the day on which that was so."""
    back, one = _PURCHASES.alias("back"), _PURCHASES.alias("bought")
    so_far = func.sum(back.c.amount_fen).over(
        partition_by=(back.c.member_id, back.c.refund_of_id), order_by=(back.c.occurred_at, back.c.id)
    )
    refunds = (
        select(back.c.member_id, back.c.refund_of_id, back.c.occurred_at, so_far.label("fen"))
        .where(back.c.refund_of_id.is_not(None), back.c.occurred_at < clock.end_of_day(span.last))
        .subquery("refunds")
    )
    mine = and_(refunds.c.member_id == one.c.member_id, refunds.c.refund_of_id == one.c.id)
    return (
        select(one.c.member_id, one.c.id, day_of(func.min(refunds.c.occurred_at)).label("day"))
        .select_from(one.join(refunds, mine))
        .where(one.c.amount_fen + refunds.c.fen <= 0)
        .group_by(one.c.member_id, one.c.id)
    )


def acts(span: Span) -> Select[Any]:
    """The days up to the last on which somebody did something, and whether they were in the mall."""
    one = _EVENTS
    person, rows = span.person(one)
    was_there = one.c.kind == any_(kinds("presence", PRESENCE))
    day = day_of(one.c.occurred_at)
    return (
        select(person.label("member_id"), day.label("day"), func.bool_or(was_there).label("was_there"))
        .select_from(rows)
        .where(one.c.occurred_at < clock.end_of_day(span.last), one.c.kind == any_(kinds("behaviour", DONE_BY_MEMBER)))
        .group_by(person, day)
    )


def moves(span: Span, bought: Table, acted: Table) -> Select[Any]:
    """By how much each day moves whose sums, and what is the latest on it; its first day has all that came before.

    `held_on` is the day of a purchase that counts on this one and not for good.
    """
    parts = union_all(
        *_of_receipts(span, bought.c), _held(span, bought), _of_acts(acted.c), *_of_values(span)
    ).subquery("parts")
    day = func.greatest(parts.c.day, literal(span.first, Date))
    return (
        select(
            parts.c.member_id,
            day.label("day"),
            *(cast(func.sum(parts.c[name]), Integer).label(name) for name in _COUNTS),
            *(cast(func.sum(parts.c[name]), BigInteger).label(name) for name in _FEN),
            *(func.max(parts.c[name]).label(name) for name in (*LATEST, "held_on")),
        )
        .where(parts.c.day <= span.last)
        .group_by(parts.c.member_id, day)
    )


def _of_receipts(span: Span, one: Any) -> list[Select[Any]]:
    """What comes with receipts, leaves the windows, and is taken out because it was brought back wholly."""
    counts, is_void = _number(one.is_purchase), one.void_on.is_not(None)
    out_recent = func.least(_after(one.day, span.rules.recent_days), one.void_on)
    out_year = func.least(_after(one.day, span.rules.spend_days), one.void_on)
    return [
        _part(
            one.member_id,
            one.day,
            recent_purchases=counts,
            year_purchases=counts,
            purchases=counts,
            year_fen=one.fen,
            monetary_fen=one.fen,
            bought_on=case((and_(one.is_purchase, one.void_on.is_(None)), one.day)),
        ),
        _part(one.member_id, _after(one.day, span.rules.spend_days), year_fen=-one.fen),
        _part(one.member_id, out_recent, recent_purchases=-counts),
        _part(one.member_id, out_year, year_purchases=-counts),
        _part(one.member_id, one.void_on, purchases=-counts).where(is_void),
    ]


def _held(span: Span, bought: Table) -> Select[Any]:
    one, days = bought.c, span.table()
    on_days = and_(days.c.day >= one.day, days.c.day < one.void_on)
    return _part(one.member_id, days.c.day, held_on=one.day).select_from(bought.join(days, on_days))


def _of_acts(one: Any) -> Select[Any]:
    return _part(one.member_id, one.day, presence_on=case((one.was_there, one.day)), behaviour_on=one.day)


def _of_values(span: Span) -> list[Select[Any]]:
    """What members brought comes with its day and leaves the longer window; nothing where the rules do not ask."""
    if span.rules.high_margin_fen is None:
        return []
    one, (person, rows) = _VALUES.c, span.person(_VALUES)
    left = _after(one.day, span.rules.spend_days)
    return [
        _part(person, one.day, margin_fen=one.margin_fen).select_from(rows),
        _part(person, left, margin_fen=-one.margin_fen).select_from(rows),
    ]


def _part(member_id: ColumnElement[int], day: Any, **values: Any) -> Select[Any]:
    """A row of what is put together: of what it says nothing it moves nothing."""
    nothing: dict[str, Any] = dict.fromkeys(_COUNTS, literal(0, Integer))
    nothing |= dict.fromkeys(_FEN, literal(0, BigInteger))
    nothing |= dict.fromkeys((*LATEST, "held_on"), cast(null(), Date))
    row = nothing | values
    return select(
        member_id.label("member_id"), type_coerce(day, Date).label("day"), *(row[name].label(name) for name in nothing)
    )


def known(span: Span, moved: Table) -> Select[Any]:
    """Members and visitors with the days on which they joined and were seen, as far as these are not after the span.

    `since`: the first of those days and of the days on which they did something.
    """
    member, first = _MEMBERS.c, _first_acts(moved).subquery("first_acts")
    joined_on, seen_on = day_of(member.joined_at), day_of(member.created_at)
    since = func.least(joined_on, seen_on, first.c.day)
    return (
        select(
            member.id.label("member_id"),
            member.home_mall_id,
            joined_on.label("joined_on"),
            seen_on.label("seen_on"),
            since.label("since"),
        )
        .select_from(_MEMBERS.outerjoin(first, first.c.member_id == member.id))
        .where(member.status.in_(_COUNTED), since <= span.last)
    )


def _first_acts(moved: Table) -> Select[Any]:
    one = moved.c
    return (
        select(one.member_id, func.min(one.day).label("day"))
        .where(one.behaviour_on.is_not(None))
        .group_by(one.member_id)
    )


def each_day(span: Span, people: Table, moved: Table) -> Select[Any]:
    """The facts of these people on each day since they are known: `models.ALL_FACTS`, who it is, and `is_plain`."""
    who, days, by = people.c, span.table(), moved.c
    rows = people.join(days, days.c.day >= who.since).outerjoin(
        moved, and_(by.member_id == who.member_id, by.day == days.c.day)
    )
    so_far: dict[str, Any] = {"partition_by": who.member_id, "order_by": days.c.day}
    running = (
        select(
            who.member_id,
            days.c.day,
            who.home_mall_id,
            case((who.joined_on <= days.c.day, who.joined_on)).label("joined_on"),
            case((who.seen_on <= days.c.day, who.seen_on)).label("seen_on"),
            by.held_on,
            *(func.coalesce(func.sum(by[name]).over(**so_far), 0).label(name) for name in SUMS),
            *(func.max(by[name]).over(**so_far).label(name) for name in LATEST),
        )
        .select_from(rows)
        .subquery("running")
    )
    return _as_facts(span, running.c)


def _as_facts(span: Span, one: Any) -> Select[Any]:
    known_on = func.coalesce(one.joined_on, one.seen_on, one.behaviour_on)
    has_several = one.member_id == any_(literal(sorted(set(span.merged.values())), ARRAY(BigInteger())))
    return select(
        one.member_id,
        one.day,
        one.home_mall_id,
        type_coerce(~has_several, Boolean).label("is_plain"),
        one.joined_on,
        known_on.label("known_on"),
        func.greatest(one.bought_on, one.held_on).label("last_purchase_on"),
        func.greatest(known_on, one.presence_on).label("last_presence_on"),
        func.greatest(known_on, one.behaviour_on).label("last_behaviour_on"),
        *(cast(one[name], BigInteger).label(name) for name in SUMS if name != "margin_fen"),
        cast(null() if span.rules.high_margin_fen is None else one.margin_fen, BigInteger).label("margin_fen"),
        cast(null(), BigInteger).label("friends"),  # where rules ask for them, each day has a night of its own
    )


def _after(day: ColumnElement[date], days: int) -> ColumnElement[date]:
    """The day that is so many days later."""
    return type_coerce(day + literal(days, Integer), Date)


def _number(holds: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where it holds, else 0."""
    return case((holds, 1), else_=0)
