"""The facts of many members as of a day, as one query over purchases and the timeline.

Everybody's, or those of some people, each with all numbers they were ever known by (`people`). A row stands
for a person; its columns are `models.ALL_FACTS`, who it is, and whether it `is_plain` (see `MemberStage`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Select,
    Table,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.sql.selectable import CompoundSelect, TableValuedAlias

from app.identity.models import Member, MemberStatus
from app.identity.people import People, as_rows
from app.invitations.models import Invitation
from app.invitations.models import Status as InvitationStatus
from app.kernel import clock
from app.kernel.db import table_of
from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.values.models import MemberValue
from app.purchases.models import Purchase
from app.timeline.models import DONE_BY_MEMBER, PRESENCE, EventKind, TimelineEvent

_MEMBERS, _PURCHASES, _EVENTS = table_of(Member), table_of(Purchase), table_of(TimelineEvent)
_VALUES, _INVITATIONS = table_of(MemberValue), table_of(Invitation)
_COUNTED = (MemberStatus.VISITOR.value, MemberStatus.MEMBER.value)


@dataclass(frozen=True, slots=True)
class Windows:
    """The end of a day, and where the rules' two windows begin, as moments; rows before `end` count."""

    end: datetime
    recent_from: datetime
    year_from: datetime

    @classmethod
    def of(cls, rules: Rules, as_of: date) -> "Windows":
        """The windows that end with the day."""
        return cls(
            end=clock.end_of_day(as_of),
            recent_from=clock.start_of_day(first_day(as_of, rules.recent_days)),
            year_from=clock.start_of_day(first_day(as_of, rules.spend_days)),
        )


def first_day(as_of: date, days: int) -> date:
    """The first day of a window of so many days that ends with this one."""
    return as_of - timedelta(days=days - 1)


def day_of(moment: ColumnElement[Any]) -> ColumnElement[date]:
    """The mall's day that holds a moment."""
    return cast(func.timezone(str(clock.MALL_ZONE), moment), Date)


def of_everybody(rules: Rules, *, as_of: date, merged: People) -> CompoundSelect[Any] | Select[Any]:
    """The facts of all who are known, as of the day. `merged`: those with several numbers, who are counted apart."""
    windows = Windows.of(rules, as_of)
    plain = _facts(windows, None, rules)
    if not merged.numbers:
        return plain
    is_plain = plain.selected_columns.member_id != func.all(
        bindparam("merged_people", merged.ids, type_=ARRAY(BigInteger()))
    )
    return union_all(plain.where(is_plain), of_some(rules, as_of=as_of, people=merged))


def of_some(rules: Rules, *, as_of: date, people: People) -> Select[Any]:
    """The facts of these people, as of the day; who was not known by then, or has left, is left out."""
    ids = bindparam("people", people.ids, type_=ARRAY(BigInteger()))
    facts = _facts(Windows.of(rules, as_of), as_rows(people.numbers), rules)
    return facts.where(facts.selected_columns.member_id == any_(ids))


def _facts(windows: Windows, numbers: TableValuedAlias | None, rules: Rules) -> Select[Any]:
    """A row for each person; without `numbers` each number is a person of its own."""
    known = _known(windows).subquery("known")
    bought = _bought(windows, numbers).subquery("bought")
    acted = _acted(windows, numbers).subquery("acted")
    known_at = func.coalesce(known.c.known_at, acted.c.behaviour_at)
    has_one_number = true() if numbers is None else _has_one_number(known, numbers)
    rows = known.outerjoin(bought, bought.c.person_id == known.c.id).outerjoin(acted, acted.c.person_id == known.c.id)
    margin: ColumnElement[Any] = cast(null(), BigInteger)
    friends: ColumnElement[Any] = cast(null(), BigInteger)
    if rules.high_margin_fen is not None:
        earned = _earned(windows, *_of(_VALUES, numbers)).subquery("earned")
        rows = rows.outerjoin(earned, earned.c.person_id == known.c.id)
        margin = func.coalesce(earned.c.margin_fen, 0)
    if rules.high_friends is not None:
        brought = _brought(windows, *_of(_INVITATIONS, numbers, "inviter_id")).subquery("brought")
        rows = rows.outerjoin(brought, brought.c.person_id == known.c.id)
        friends = func.coalesce(brought.c.friends, 0)
    return (
        select(
            known.c.id.label("member_id"),
            known.c.home_mall_id,
            has_one_number.label("is_plain"),
            day_of(known.c.joined_at).label("joined_on"),
            day_of(known_at).label("known_on"),
            day_of(bought.c.last_purchase_at).label("last_purchase_on"),
            day_of(func.greatest(known_at, acted.c.presence_at)).label("last_presence_on"),
            day_of(func.greatest(known_at, acted.c.behaviour_at)).label("last_behaviour_on"),
            *(func.coalesce(bought.c[name], 0).label(name) for name in _SUMS),
            margin.label("margin_fen"),
            friends.label("friends"),
        )
        .select_from(rows)
        .where(known_at.is_not(None))
    )


def margins(rules: Rules, *, as_of: date, merged: People) -> Select[Any]:
    """What everybody who brought anything brought the malls in the longer window: `person_id` and `margin_fen`."""
    numbers = as_rows(merged.numbers)
    person = func.coalesce(numbers.c.person_id, _VALUES.c.member_id)
    rows = _VALUES.outerjoin(numbers, numbers.c.member_id == _VALUES.c.member_id)
    return _earned(Windows.of(rules, as_of), person, rows)


def friends(rules: Rules, *, as_of: date, merged: People) -> Select[Any]:
    """How many friends everybody brought who brought any, of those that counted in the longer window."""
    numbers = as_rows(merged.numbers)
    person = func.coalesce(numbers.c.person_id, _INVITATIONS.c.inviter_id)
    rows = _INVITATIONS.outerjoin(numbers, numbers.c.member_id == _INVITATIONS.c.inviter_id)
    return _brought(Windows.of(rules, as_of), person, rows)


def _brought(windows: Windows, person: ColumnElement[int], rows: FromClause) -> Select[Any]:
    """A friend counts from when the inviter was given something for them: until then it may turn out to be nothing."""
    one = _INVITATIONS.c
    return (
        select(person.label("person_id"), func.count().label("friends"))
        .select_from(rows)
        .where(
            one.status == InvitationStatus.PAID.value,
            one.closed_at >= windows.year_from,
            one.closed_at < windows.end,
        )
        .group_by(person)
    )


def _earned(windows: Windows, person: ColumnElement[int], rows: FromClause) -> Select[Any]:
    first, last = clock.business_date(windows.year_from), clock.business_date(windows.end) - timedelta(days=1)
    return (
        select(person.label("person_id"), cast(func.sum(_VALUES.c.margin_fen), BigInteger).label("margin_fen"))
        .select_from(rows)
        .where(_VALUES.c.day.between(first, last))
        .group_by(person)
    )


def _known(windows: Windows) -> Select[Any]:
    """Members and visitors, with when they joined and became known, as far as that was by the end of the day.

    Here and below moments are handed on, and become days once for each person: turning them costs more than the rest.
    """
    member = _MEMBERS.c
    joined_at = case((member.joined_at < windows.end, member.joined_at))
    seen_at = case((member.created_at < windows.end, member.created_at))
    return select(
        member.id,
        member.home_mall_id,
        joined_at.label("joined_at"),
        func.coalesce(joined_at, seen_at).label("known_at"),
    ).where(member.status.in_(_COUNTED))


_SUMS = ("recent_purchases", "year_purchases", "year_fen", "purchases", "monetary_fen")


def _bought(windows: Windows, numbers: TableValuedAlias | None) -> Select[Any]:
    """What each person bought: refunds are rows of their own day, and a purchase refunded wholly does not count."""
    one, refunded = _PURCHASES, _refunded(windows, numbers).subquery("refunded")
    is_kept = or_(refunded.c.fen.is_(None), one.c.amount_fen + refunded.c.fen > 0)
    counts = and_(one.c.refund_of_id.is_(None), is_kept)
    is_recent, is_of_year = one.c.occurred_at >= windows.recent_from, one.c.occurred_at >= windows.year_from
    person, rows = _of(one, numbers)
    return (
        select(
            person.label("person_id"),
            func.max(one.c.occurred_at).filter(counts).label("last_purchase_at"),
            func.count().filter(counts, is_recent).label("recent_purchases"),
            func.count().filter(counts, is_of_year).label("year_purchases"),
            _fen(one.c.amount_fen, is_of_year).label("year_fen"),
            func.count().filter(counts).label("purchases"),
            _fen(one.c.amount_fen).label("monetary_fen"),
        )
        .select_from(
            rows.outerjoin(refunded, and_(refunded.c.member_id == one.c.member_id, refunded.c.refund_of_id == one.c.id))
        )
        .where(one.c.occurred_at < windows.end)
        .group_by(person)
    )


def _refunded(windows: Windows, numbers: TableValuedAlias | None) -> Select[Any]:
    """How much (< 0) of each purchase was refunded by the end of the day."""
    one = _PURCHASES
    _, rows = _of(one, numbers)
    return (
        select(one.c.member_id, one.c.refund_of_id, _fen(one.c.amount_fen).label("fen"))
        .select_from(rows)
        .where(one.c.refund_of_id.is_not(None), one.c.occurred_at < windows.end)
        .group_by(one.c.member_id, one.c.refund_of_id)
    )


def _acted(windows: Windows, numbers: TableValuedAlias | None) -> Select[Any]:
    """When each person last was in the mall, and last did anything at all."""
    one = _EVENTS
    person, rows = _of(one, numbers)
    was_there = one.c.kind == any_(kinds("presence", PRESENCE))
    return (
        select(
            person.label("person_id"),
            func.max(one.c.occurred_at).filter(was_there).label("presence_at"),
            func.max(one.c.occurred_at).label("behaviour_at"),
        )
        .select_from(rows)
        .where(one.c.occurred_at < windows.end, one.c.kind == any_(kinds("behaviour", DONE_BY_MEMBER)))
        .group_by(person)
    )


def _of(rows: Table, numbers: TableValuedAlias | None, key: str = "member_id") -> tuple[ColumnElement[int], FromClause]:
    """Whose a row is by its column `key`, and the rows that are asked for."""
    if numbers is None:
        return rows.c[key], rows
    return numbers.c.person_id, numbers.join(rows, rows.c[key] == numbers.c.member_id)


def _has_one_number(known: FromClause, numbers: TableValuedAlias) -> ColumnElement[bool]:
    several = select(numbers.c.person_id).group_by(numbers.c.person_id).having(func.count() > 1)
    return known.c.id.not_in(several)


def _fen(amount: ColumnElement[int], which: ColumnElement[bool] | None = None) -> ColumnElement[int]:
    """The sum of amounts, of all rows or of some."""
    total = func.sum(amount)
    return cast(func.coalesce(total if which is None else total.filter(which), 0), BigInteger)


def kinds(name: str, wanted: Collection[EventKind]) -> ColumnElement[Any]:
    """Kinds of events as one value of a statement."""
    return bindparam(name, sorted(kind.value for kind in wanted), type_=ARRAY(Text()))
