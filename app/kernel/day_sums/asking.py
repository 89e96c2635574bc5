"""What is asked for of several series at once, in one statement each: of the sums, and of the rows.

Both are built once for everything of the same shape, so a page that shows many figures does not build them anew. Sums
are found by arrays of what is asked. Rows are not: only of values it is told does PostgreSQL know how few they keep.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.types import TypeEngine

from app.kernel import clock
from app.kernel.day_sums.models import DaySum
from app.kernel.day_sums.series import Series, Stretch, Sum
from app.kernel.db import Moment, table_of
from app.kernel.fastpath import arrays
from app.kernel.fastpath.prepared import Prepared

_TICK = timedelta.resolution
_ASKED: dict[str, TypeEngine[Any]] = {"number": Integer(), "series": Text(), "first": Date(), "last": Date()}


class Ask(NamedTuple):
    """A stretch of a series."""

    series: Series
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Found:
    """What an ask comes to, by its place among those asked; key and day are None where it is not by them."""

    number: int
    key: Any
    day: Any
    sum: Sum


@dataclass(frozen=True, slots=True)
class By:
    """By what is summed. With `among` only such keys count as are named."""

    key: bool = False
    day: bool = False
    among: bool = False


def summed(mall_id: int, asks: Sequence[Ask], by: By, keys: Collection[int]) -> list[Found]:
    """What the sums have of whole days."""
    if not asks or (by.among and not keys):
        return []
    rows = [(number, one.series.name, *_days(one.stretch)) for number, one in enumerate(asks)]
    found = _select_summed(by).all(
        mall_id=mall_id,
        **arrays.parameters(_ASKED, rows),
        **_named(by, keys),
    )
    return _found(found)


def counted(mall_id: int, asks: Sequence[Ask], by: By, keys: Collection[int]) -> list[Found]:
    """The same from the rows, within a day as well."""
    if not asks or (by.among and not keys):
        return []
    values: dict[str, Any] = {}
    for number, (_, stretch) in enumerate(asks):
        first, last = _days(stretch)
        values |= {f"since_{number}": stretch.since, f"until_{number}": stretch.until}
        values |= {f"first_{number}": first, f"last_{number}": last}
    statement = _select_counted(tuple((one.series, one.stretch.since is None) for one in asks), by)
    return _found(statement.all(mall_id=mall_id, **values, **_named(by, keys)))


def _found(rows: Sequence[Any]) -> list[Found]:
    return [Found(number, key, day, Sum(count, amount)) for number, key, day, count, amount in rows]


def _days(stretch: Stretch) -> tuple[date, date]:
    """The first and the last day of it."""
    first = date.min if stretch.since is None else clock.business_date(stretch.since)
    return first, clock.business_date(stretch.until - _TICK)


def _named(by: By, keys: Collection[int]) -> dict[str, Any]:
    return {"keys": sorted(keys)} if by.among else {}


@lru_cache
def _select_summed(by: By) -> Prepared:
    asked = arrays.table_of_rows("asked", _ASKED)
    sums = table_of(DaySum).c
    found = _grouped(asked.c.number, by, sums.key, sums.day, func.sum(sums.count), func.sum(sums.amount))
    wanted = [sums.mall_id == bindparam("mall_id"), sums.series == asked.c.series]
    return Prepared(
        found.select_from(asked)
        .where(*wanted, sums.day.between(asked.c.first, asked.c.last), *_among(by, sums.key))
        .group_by(asked.c.number)
    )


@lru_cache(maxsize=256)
def _select_counted(shape: Sequence[tuple[Series, bool]], by: By) -> Prepared:
    parts = [_select_one(number, series, by, is_ever=is_ever) for number, (series, is_ever) in enumerate(shape)]
    return Prepared(parts[0] if len(parts) == 1 else union_all(*parts))


def _select_one(number: int, series: Series, by: By, *, is_ever: bool) -> Select[Any]:
    """A date column is asked for its days, which its index has; the moment also for what begins within a day."""
    amount = literal_column("0") if series.amount is None else func.coalesce(func.sum(series.amount), 0)
    found = _grouped(literal_column(str(number)), by, series.key, series.day_of_row(), func.count(), amount)
    wanted = [series.mall == bindparam("mall_id"), *series.wanted, *_among(by, series.key)]
    if series.moment is not None:
        wanted += [series.moment < bindparam(f"until_{number}", type_=Moment())]
        wanted += [] if is_ever else [series.moment >= bindparam(f"since_{number}", type_=Moment())]
    if series.day is not None:
        wanted += [series.day <= bindparam(f"last_{number}", type_=Date())]
        wanted += [] if is_ever else [series.day >= bindparam(f"first_{number}", type_=Date())]
    return found.select_from(series.origin).where(*wanted)


def _grouped(number: Any, by: By, key: Any, day: Any, count: Any, amount: Any) -> Select[Any]:
    groups = [*([key] if by.key else []), *([day] if by.day else [])]
    return select(
        number.label("number"),
        (key if by.key else cast(null(), BigInteger)).label("key"),
        (day if by.day else cast(null(), Date)).label("day"),
        cast(count, BigInteger).label("count"),
        cast(amount, BigInteger).label("amount"),
    ).group_by(*groups)


def _among(by: By, key: Any) -> list[ColumnElement[bool]]:
    return [key == func.any(bindparam("keys", type_=ARRAY(BigInteger())))] if by.among else []
