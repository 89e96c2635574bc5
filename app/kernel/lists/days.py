"""Rows by the mall's day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, cast, func, select

from app.kernel import clock
from app.kernel.db import db


def day_of(moment: Any) -> ColumnElement[date]:
    """The mall's day of a column of moments."""
    return cast(func.timezone(clock.MALL_ZONE.key, moment), Date)


def by_day(
    moment: Any, *wanted: ColumnElement[bool], first: date, last: date, total: ColumnElement[Any] | None = None
) -> Mapping[date, tuple[int, int]]:
    """How many of the wanted rows lie on each of the days, and their total; days without any left out."""
    day, span = day_of(moment), (moment >= clock.start_of_day(first), moment < clock.end_of_day(last))
    sums = func.count() if total is None else total
    rows = db.session.execute(select(day, func.count(), sums).where(*wanted, *span).group_by(day))
    return {at: (int(count), int(summed)) for at, count, summed in rows}
