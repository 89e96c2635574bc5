"""Summing the days that are over, a month at a time; and summing again what changed."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.kernel import clock
from app.kernel.day_sums import asking
from app.kernel.day_sums.asking import Ask, By
from app.kernel.day_sums.models import DayHorizon, DayMark, DaySum
from app.kernel.day_sums.series import GRACE, Series, joined, stretches_of
from app.kernel.db import db

MOST_DAYS = 31
_DAY = timedelta(days=1)
_EACH = By(key=True, day=True)


def list_waiting(names: Collection[str], mall_ids: Collection[int], *, now: datetime) -> list[tuple[str, int]]:
    """Series and malls with days that have been over for long enough, or that changed since they were summed."""
    over = clock.business_date(now - GRACE)
    reached = {(one.series, one.mall_id): one.until for one in db.session.scalars(select(DayHorizon))}
    changed = {
        (name, mall_id) for name, mall_id in db.session.execute(select(DayMark.series, DayMark.mall_id).distinct())
    }
    asked = [(name, mall_id) for name in sorted(names) for mall_id in sorted(mall_ids)]
    return [one for one in asked if one in changed or (reached.get(one) or date.min) < over]


def sum_next(series: Series, mall_id: int, *, now: datetime) -> bool:
    """Sum a month of days that are over, and days that changed; returns whether more wait."""
    horizon = _lock(series.name, mall_id)
    over = clock.business_date(now - GRACE)
    changed = _take_marks(series.name, mall_id)
    begin_at = horizon.until or min(_first_day(series, mall_id) or over, over)
    end = min(begin_at + MOST_DAYS * _DAY, over)
    fresh = [begin_at + number * _DAY for number in range((end - begin_at).days)]
    _write(series, mall_id, {*fresh, *(day for day in changed if day < begin_at)})
    horizon.until = max(begin_at, end)
    db.session.flush()
    return end < over or len(changed) == MOST_DAYS


def find_first(series: Series, mall_id: int) -> date | None:
    """The first day that has a row or a sum."""
    summed = db.session.scalar(select(func.min(DaySum.day)).where(*_of(DaySum, series.name, mall_id)))
    return min((day for day in (summed, _first_day(series, mall_id)) if day is not None), default=None)


def prove_month(series: Series, mall_id: int, first: date) -> tuple[list[date], date | None]:
    """Sum a month from a day on once more and mend what differs; returns the days that did, and where to go on.

    Days that are not summed yet, or known to have changed, are left alone.
    """
    until = _lock(series.name, mall_id).until or first
    end = min(first + MOST_DAYS * _DAY, until)
    marked = set(db.session.scalars(select(DayMark.day).where(*_of(DayMark, series.name, mall_id))))
    days = {first + number * _DAY for number in range((end - first).days)} - marked
    wrong = sorted({row[1] for row in _count(series, mall_id, days) ^ _kept(series, mall_id, days)})
    _write(series, mall_id, wrong)
    return wrong, end if end < until else None


def _lock(name: str, mall_id: int) -> DayHorizon:
    place = {"series": name, "mall_id": mall_id}
    db.session.execute(insert(DayHorizon).values(place).on_conflict_do_nothing())
    return db.session.scalars(
        select(DayHorizon)
        .where(*_of(DayHorizon, name, mall_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _of(table: Any, name: str, mall_id: int) -> tuple[Any, Any]:
    return table.series == name, table.mall_id == mall_id


def _take_marks(name: str, mall_id: int) -> list[date]:
    """A month of changed days, and their marks gone: what is counted from now on has seen what they tell of."""
    marked = select(DayMark.day).where(*_of(DayMark, name, mall_id)).distinct().order_by(DayMark.day)
    days = list(db.session.scalars(marked.limit(MOST_DAYS)))
    if days:
        db.session.execute(delete(DayMark).where(*_of(DayMark, name, mall_id), DayMark.day.in_(days)))
    return days


def _first_day(series: Series, mall_id: int) -> date | None:
    found: datetime | date | None = db.session.scalar(series.beginning(mall_id))
    return clock.business_date(found) if isinstance(found, datetime) else found


def _write(series: Series, mall_id: int, days: Collection[date]) -> None:
    if not days:
        return
    rows = _count(series, mall_id, days)
    db.session.execute(delete(DaySum).where(*_of(DaySum, series.name, mall_id), DaySum.day.in_(sorted(days))))
    names = ("key", "day", "count", "amount")
    own = {"series": series.name, "mall_id": mall_id}
    if rows:
        db.session.execute(insert(DaySum), [own | dict(zip(names, row, strict=True)) for row in sorted(rows)])


def _count(series: Series, mall_id: int, days: Collection[date]) -> set[tuple[int, date, int, int]]:
    if not days:
        return set()
    asks = [Ask(series, stretch) for stretch in joined(stretches_of(days))]
    return {(one.key, one.day, one.sum.count, one.sum.amount) for one in asking.counted(mall_id, asks, _EACH, ())}


def _kept(series: Series, mall_id: int, days: Collection[date]) -> set[tuple[int, date, int, int]]:
    found = select(DaySum.key, DaySum.day, DaySum.count, DaySum.amount)
    rows: Sequence[Any] = db.session.execute(
        found.where(*_of(DaySum, series.name, mall_id), DaySum.day.in_(sorted(days)))
    ).all()
    return {tuple(row) for row in rows}
