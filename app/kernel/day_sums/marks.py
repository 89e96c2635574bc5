"""Saying that a day which is over has changed, with the transaction that changes it."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import bindparam, insert

from app.kernel import clock
from app.kernel.day_sums.models import DayMark
from app.kernel.day_sums.series import GRACE, Series
from app.kernel.db import table_of
from app.kernel.fastpath.prepared import Prepared

_MARK = Prepared(insert(table_of(DayMark)).values({name: bindparam(name) for name in ("series", "mall_id", "day")}))


def first_open_day() -> date:
    """The first day that cannot have been summed yet, nor will be before a transaction of this moment has ended.

    Asks the clock itself: it is about when a row is written, not about when what it tells of was.
    """
    return clock.business_date(clock.now() - GRACE / 2)


def note(series: Series, mall_id: int | None, day: date) -> None:
    """A row of the series was written or changed, and that day was its own. What belongs to no mall counts nowhere."""
    if mall_id is not None and day < first_open_day():
        _MARK.later({"series": series.name, "mall_id": mall_id, "day": day})


def note_all(series: Series, days: Iterable[tuple[int | None, date]]) -> None:
    """As `note`, for many rows at once: malls with days."""
    for mall_id, day in sorted({(mall_id, day) for mall_id, day in days if mall_id is not None}):
        note(series, mall_id, day)
