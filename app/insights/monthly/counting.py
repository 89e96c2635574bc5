"""Counting the figures of a month and keeping them, for all malls at once."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CompoundSelect,
    Select,
    Subquery,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql

from app.entrances.models import Entrance, EntranceScan
from app.identity import people
from app.identity.people import People
from app.insights.monthly import cohorts, measures, moves
from app.insights.monthly.measures import JOIN_RATE, Measure
from app.insights.monthly.models import MeasuredMonth, MonthMeasure
from app.insights.monthly.periods import Period, last_day, month_before
from app.kernel import clock
from app.kernel.db import db, table_of, take_long
from app.kernel.distribution import database
from app.lifecycle.stages.models import LifecycleNight
from app.lifecycle.targets import targets

# So long after its end a month is counted again every night.
LATE = timedelta(days=31)
# So many months before the last are counted when nothing was kept.
MOST_MONTHS = 13

_KEPT = table_of(MonthMeasure)


def lock_due(night_day: date) -> date | None:
    """The latest month that is to be counted after a night, locked; None when all are counted, or others are at it."""
    first = db.session.scalar(select(func.min(LifecycleNight.day))) or night_day
    months = _months(first, night_day)
    db.session.execute(
        postgresql.insert(MeasuredMonth)
        .values([{"month": month} for month in months])
        .on_conflict_do_nothing(index_elements=["month"])
    )
    one = MeasuredMonth
    is_due = [
        (one.month == month) & or_(one.night_day.is_(None), one.night_day < min(night_day, last_day(month) + LATE))
        for month in months
    ]
    due = select(one.month).where(or_(*is_due)).order_by(one.month.desc()).limit(1)
    return db.session.scalar(due.with_for_update(skip_locked=True))


def count(month: date, *, night_day: date) -> None:
    """Count a month that is locked, as far as its days were worked out, in place of what was kept of it."""
    take_long()
    period, merged = Period.of(month, until=night_day), people.list_merged()
    db.session.execute(delete(MonthMeasure).where(MonthMeasure.month == month))
    db.session.execute(_keep(month, _join_rates(period)))
    for measure in (*measures.OF_STAGES.values(), *measures.of_transitions(targets.in_force(period.last))):
        db.session.execute(_keep(month, sums(measure, period, merged=merged)))
    moves.keep(month, period)
    if period.last == night_day:
        cohorts.count(until=night_day)
    row = db.session.get_one(MeasuredMonth, month)
    row.night_day = night_day
    db.session.flush()


def rows(measure: Measure, period: Period, *, merged: People) -> Select[Any] | CompoundSelect[Any]:
    """A row for everybody whom a measure is over: member, home mall, since when, and their value, which may be None.

    `merged` are those with several numbers: what they did under any of them is theirs. They are counted apart, so that
    all others, who are nearly everybody, are looked up by one number. On a distributed database, where rows of another
    number stand on another machine, theirs are those of their own number.
    """
    base = measure.base(period, None).subquery("base")
    plain = _valued(measure, base, period)
    if not merged.ids or database.is_distributed():
        return plain
    has_one = base.c.member_id != func.all(bindparam("merged_people", merged.ids, type_=ARRAY(BigInteger())))
    return union_all(plain.where(has_one), _valued(measure, _of_merged(measure, period, merged), period))


def _of_merged(measure: Measure, period: Period, merged: People) -> Subquery:
    """The base of those with several numbers, with all of them."""
    numbers = people.as_rows(merged.numbers)
    theirs = (
        select(numbers.c.person_id, func.array_agg(numbers.c.member_id).label("numbers"))
        .group_by(numbers.c.person_id)
        .subquery("theirs")
    )
    base = measure.base(period, people.as_rows(merged.numbers)).subquery("merged_base")
    return select(base, theirs.c.numbers).join(theirs, theirs.c.person_id == base.c.member_id).subquery("merged")


def _valued(measure: Measure, base: Subquery, period: Period) -> Select[Any]:
    return select(base.c.member_id, base.c.home_mall_id, base.c.since, measure.value(base.c, period).label("value"))


def sums(measure: Measure, period: Period, *, merged: People) -> Select[Any]:
    """A measure by mall, as `MonthMeasure` keeps it."""
    one = rows(measure, period, merged=merged).subquery("one")
    return select(
        one.c.home_mall_id,
        literal(measure.code).label("code"),
        func.count(one.c.value).label("members"),
        func.count().filter(one.c.value > 0).label("reached"),
        cast(func.coalesce(func.sum(func.round(one.c.value * 100)), 0), BigInteger).label("hundredths"),
        literal(measure.days, BigInteger).label("days"),
    ).group_by(one.c.home_mall_id)


def _join_rates(period: Period) -> Select[Any]:
    """Openings of entrances, and how many of them led to joining."""
    one, joined = EntranceScan, func.count(EntranceScan.joined_at)
    return (
        select(
            Entrance.mall_id,
            literal(JOIN_RATE).label("code"),
            func.count().label("members"),
            joined.label("reached"),
            (joined * 100).label("hundredths"),
            literal(None, BigInteger).label("days"),
        )
        .join(Entrance, Entrance.id == one.entrance_id)
        .where(one.day.between(period.first, period.last))
        .group_by(Entrance.mall_id)
    )


def _keep(month: date, by_mall: Select[Any]) -> Any:
    found = by_mall.subquery("found")
    names = ["home_mall_id", "code", "members", "reached", "hundredths", "days"]
    return insert(_KEPT).from_select(["month", *names], select(literal(month, _KEPT.c.month.type), *found.c))


def _months(first: date, last: date) -> list[date]:
    """The months from one day to another, the latest first, not more than are counted."""
    months = [clock.first_of_month(last)]
    while months[-1] > first and len(months) < MOST_MONTHS:
        months.append(month_before(months[-1]))
    return months
