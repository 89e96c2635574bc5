"""Cohorts: of those who joined in a month, how many came and how many bought in each of the twelve months after it.

One pass over all visits and purchases of two years, once a night. A person is counted with everything under all their
numbers, and belongs to the cohort of the mall that is their home, wherever they come and buy.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Subquery,
    and_,
    cast,
    column,
    delete,
    distinct,
    func,
    insert,
    or_,
    select,
    true,
)

from app.identity import people
from app.insights.monthly.models import CohortMonth
from app.insights.monthly.periods import month_before
from app.kernel import clock
from app.kernel.db import db, table_of
from app.kernel.lists.days import day_of
from app.lifecycle.stages.models import MemberStage
from app.purchases.models import Purchase
from app.timeline.models import PRESENCE, TimelineEvent

# How many cohorts are counted anew, and the months of each after that of joining.
MONTHS, AFTER = 24, 12

_KEPT = table_of(CohortMonth)
_NAMES = ["home_mall_id", "joined_month", "month_no", "members", "visitors", "buyers"]


def count(*, until: date) -> None:
    """Count the cohorts of two years anew, up to a day that was worked out; older ones stay as they were."""
    first = _earliest(until)
    db.session.execute(delete(CohortMonth).where(CohortMonth.joined_month >= first))
    db.session.execute(insert(_KEPT).from_select(_NAMES, _counted(first, until)))


def list_months(mall_id: int) -> Sequence[CohortMonth]:
    """All that is kept of a mall's cohorts, the latest first, each by month."""
    one = CohortMonth
    order = one.joined_month.desc(), one.month_no
    return db.session.scalars(select(one).where(one.home_mall_id == mall_id).order_by(*order)).all()


def _earliest(until: date) -> date:
    month = clock.first_of_month(until)
    for _ in range(MONTHS - 1):
        month = month_before(month)
    return month


def _counted(first: date, until: date) -> Select[Any]:
    joined = _joined(first, until).subquery("joined")
    visited = _each_month(joined, _visits(first, until).subquery("visits"), "visited")
    bought = _each_month(joined, _purchases(first, until).subquery("bought"), "bought")
    size = (
        select(joined.c.home_mall_id, joined.c.month, func.count().label("members"))
        .group_by(joined.c.home_mall_id, joined.c.month)
        .subquery("size")
    )
    number = (
        func.generate_series(0, func.least(AFTER, _number(clock.first_of_month(until)) - _number(size.c.month)))
        .table_valued(column("month_no", Integer))
        .render_derived(name="numbers")
    )
    rows = size.join(number, true())
    for found in (visited, bought):
        is_same = (found.c.home_mall_id == size.c.home_mall_id) & (found.c.month == size.c.month)
        rows = rows.outerjoin(found, is_same & (found.c.month_no == number.c.month_no))
    counts = (func.coalesce(found.c.members, 0) for found in (visited, bought))
    return select(size.c.home_mall_id, size.c.month, number.c.month_no, size.c.members, *counts).select_from(rows)


def _joined(first: date, until: date) -> Select[Any]:
    """Who joined in the months that are counted."""
    one = MemberStage
    return select(one.member_id, one.home_mall_id, _month_of(one.joined_on).label("month")).where(
        one.joined_on.between(first, until)
    )


def _each_month(joined: Subquery, acts: Subquery, name: str) -> Subquery:
    """How many of each cohort have an act in each month since they joined."""
    number = (_number(acts.c.month) - _number(joined.c.month)).label("month_no")
    return (
        select(joined.c.home_mall_id, joined.c.month, number, func.count(distinct(joined.c.member_id)).label("members"))
        .join(acts, acts.c.member_id == joined.c.member_id)
        .where(number.between(0, AFTER))
        .group_by(joined.c.home_mall_id, joined.c.month, number)
        .subquery(name)
    )


def _visits(first: date, until: date) -> Select[Any]:
    """In which months each person was in the mall."""
    one = TimelineEvent
    return _months_of(one, one.kind.in_(sorted(PRESENCE)), *_within(one, first, until))


def _purchases(first: date, until: date) -> Select[Any]:
    """In which months each person bought something that was not brought back wholly."""
    one = Purchase
    refunded = (
        select(one.member_id, one.refund_of_id, func.sum(one.amount_fen).label("fen"))
        .where(one.refund_of_id.is_not(None))
        .group_by(one.member_id, one.refund_of_id)
        .subquery("refunded")
    )
    is_its = and_(refunded.c.member_id == one.member_id, refunded.c.refund_of_id == one.id)
    is_kept = or_(refunded.c.fen.is_(None), one.amount_fen + refunded.c.fen > 0)
    months = _months_of(one, one.refund_of_id.is_(None), is_kept, *_within(one, first, until))
    return months.outerjoin(refunded, is_its)


def _within(one: Any, first: date, until: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return one.occurred_at >= clock.start_of_day(first), one.occurred_at < clock.end_of_day(until)


def _months_of(one: Any, *wanted: ColumnElement[bool]) -> Select[Any]:
    """Person and month of the wanted rows, each once; numbers that are somebody else's lead to who they are now."""
    numbers = people.as_rows(people.list_merged().numbers, name=f"numbers_{one.__tablename__}")
    person = func.coalesce(numbers.c.person_id, one.member_id).label("member_id")
    return (
        select(person, _month_of(day_of(one.occurred_at)).label("month"))
        .select_from(one)
        .outerjoin(numbers, numbers.c.member_id == one.member_id)
        .where(*wanted)
        .distinct()
    )


def _month_of(day: Any) -> ColumnElement[date]:
    return cast(func.date_trunc("month", day), Date)


def _number(month: Any) -> ColumnElement[int]:
    """A month as a number that grows by one from each to the next."""
    month = cast(month, Date)
    return cast(func.date_part("year", month) * 12 + func.date_part("month", month), Integer)
