"""Long lists by keyset: the page's last row, in its list's order, is the mark from which the next page goes on.

Marks are addresses' `?before=`: whole numbers joined by dots, moments as microseconds, days by their ordinal number. A
mark that is none is ignored.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, literal, tuple_

from app.web.pages import pages

T = TypeVar("T")

ROWS = 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARK = re.compile(r"\d{1,18}(\.\d{1,18}){0,3}")


@dataclass(frozen=True, slots=True)
class Rows(Generic[T]):
    """Some rows of a list, and the address of the rows behind them, if there are any."""

    items: Sequence[T]
    more: str | None


def mark() -> tuple[int, ...] | None:
    """The request's mark, as numbers."""
    text = request.args.get("before", "")
    return tuple(int(part) for part in text.split(".")) if _MARK.fullmatch(text) else None


def moment_mark(*, ids: int) -> tuple[Any, ...] | None:
    """The request's mark in a list that is ordered by a moment and then by so many ids."""
    numbers = mark()
    if numbers is None or len(numbers) != ids + 1:
        return None
    try:
        return _EPOCH + timedelta(microseconds=numbers[0]), *numbers[1:]
    except OverflowError:
        return None


def behind(columns: Sequence[Any], values: Sequence[Any] | None) -> list[ColumnElement[bool]]:
    """The condition that keeps rows behind the mark in a list ordered by the columns, all descending."""
    if values is None:
        return []
    ends = [literal(value, column.type) for value, column in zip(values, columns, strict=True)]
    return [tuple_(*columns) < tuple_(*ends)]


def cut(found: Sequence[T], key: Callable[[T], Sequence[Any]], *, limit: int = ROWS) -> Rows[T]:
    """A page from rows of which one more than `limit` was asked for; `key` gives what the list is ordered by."""
    items = found[:limit]
    if len(found) <= limit:
        return Rows(items, None)
    before = ".".join(_written(part) for part in key(items[-1]))
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "before" and value]
    return Rows(items, f"{request.path}?{urlencode([*kept, ('before', before)])}")


def _written(part: Any) -> str:
    if isinstance(part, datetime):
        return str((part - _EPOCH) // timedelta(microseconds=1))
    return str(part.toordinal() if isinstance(part, date) else part)


def render_list(name: str, **shown: Any) -> ResponseReturnValue:
    """The page `name`, or only its list `_name_rows` when htmx asks for a part."""
    return render_template(f"console/_{name}_rows.html" if pages.is_part() else f"console/{name}.html", **shown)
