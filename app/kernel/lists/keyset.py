"""Lists by keyset: a page begins behind the row with which the page before ended, however many rows have come since.

A list has an `Order`: columns of which the last ones name one row, best those of an index. None of them is ever null
in the list; one that may be is sorted by as `func.coalesce(…)`. `rows` and `scalars` read a page of any select:

    ORDER = Order(Purchase.occurred_at.desc(), Purchase.member_id.desc(), Purchase.id.desc())
    page = keyset.rows(select(Purchase, Store).join(…).where(…), ORDER, asked)

`page.next` and `page.previous` are the cursors to ask with for what lies behind and before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import BigInteger, Column, ColumnElement, Select, UnaryExpression, and_, literal, or_, tuple_
from sqlalchemy import cast as cast_in_sql
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.operators import desc_op

from app.kernel.db import db
from app.kernel.errors import BadCursor
from app.kernel.lists import cursors
from app.kernel.lists.cursors import Place

T = TypeVar("T")
U = TypeVar("U")
R = TypeVar("R", bound=tuple[Any, ...])

MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows of a list: so many from a cursor on, or the first ones.

    A cursor that is none of this list's raises BadCursor or, with `or_first`, counts as none.
    """

    limit: int = 50
    cursor: str | None = None
    or_first: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MOST_ROWS:
            raise ValueError(f"a page has 1 to {MOST_ROWS} rows")


FIRST = Asked()


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and the cursors of those behind and before them; None where there are none.

    Rows that came before the first page was read are seen by reading it again: it has no previous one.
    """

    items: Sequence[T]
    next: str | None
    previous: str | None

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def with_items(self, items: Sequence[U]) -> "Page[U]":
        """The same page with what is made of its rows, in their order."""
        return Page(items, self.next, self.previous)


class Order:
    """What a list is sorted by: columns as they are, or `.desc()`."""

    def __init__(self, *columns: Any) -> None:
        self.columns: list[ColumnElement[Any]] = [_column(one) for one in columns]
        self._falling = [_falls(one) for one in columns]
        self._kinds = [column.type.python_type for column in self.columns]
        for kind in self._kinds:
            cursors.ensure_kind(kind)
        self.values = [_of_its_kind(column) for column in self.columns]

    def behind(self, *values: Any) -> ColumnElement[bool]:
        """The condition that keeps rows behind the one with these values."""
        return self.beyond(Place(values))

    def before(self, *values: Any) -> ColumnElement[bool]:
        """The condition that keeps rows before the one with these values."""
        return self.beyond(Place(values, back=True))

    def clauses(self, *, back: bool = False) -> list[ColumnElement[Any]]:
        """What to give to `order_by`; `back` for the list from its end."""
        return [
            column.desc() if falls != back else column.asc()
            for column, falls in zip(self.columns, self._falling, strict=True)
        ]

    def find_place(self, asked: Asked) -> Place | None:
        """Where the asked page begins; None at the list's beginning. Raises BadCursor."""
        if asked.cursor is None:
            return None
        try:
            return cursors.read(asked.cursor, order=self._name, kinds=self._kinds)
        except BadCursor:
            if asked.or_first:
                return None
            raise

    @cached_property
    def _name(self) -> str:
        return ", ".join(str(clause) for clause in self.clauses())

    def cursor(self, place: Place) -> str:
        """The place as text for an address."""
        return cursors.write(place, order=self._name)

    def beyond(self, place: Place) -> ColumnElement[bool]:
        """One comparison of rows, which an index answers; columns of both directions are compared one by one."""
        ends = [_literal(value, column) for value, column in zip(place.values, self.columns, strict=True)]
        falling = [falls != place.back for falls in self._falling]
        if len(set(falling)) == 1:
            return _past(tuple_(*self.columns), tuple_(*ends), falls=falling[0])
        *outer, last = list(zip(self.columns, ends, falling, strict=True))
        condition = _past(last[0], last[1], falls=last[2])
        for column, end, falls in reversed(outer):
            condition = or_(_past(column, end, falls=falls), and_(column == end, condition))
        first, end, falls = outer[0]
        return and_(first <= end if falls else first >= end, condition)  # what an index can begin with


def rows(query: Select[R], order: Order, asked: Asked = FIRST) -> Page[R]:
    """A page of what the query selects, as tuples; whatever it was ordered by counts no more."""
    place = order.find_place(asked)
    back = place is not None and place.back
    if place is not None:
        query = query.where(order.beyond(place))
    query = query.order_by(None).order_by(*order.clauses(back=back)).limit(asked.limit + 1)
    found = db.session.execute(query.add_columns(*order.values)).all()
    shown, is_more = found[: asked.limit], len(found) > asked.limit
    width = len(order.columns)
    items = [cast(R, tuple(row[:-width])) for row in shown]
    ends = [tuple(row[-width:]) for row in (*shown[-1:], *shown[:1])]  # where the page ends, where it begins
    if back:
        items.reverse()
        ends.reverse()
    if not ends:
        return Page([], None, None)
    return Page(
        items,
        next=order.cursor(Place(ends[0])) if back or is_more else None,
        previous=order.cursor(Place(ends[1], back=True)) if (is_more if back else place) else None,
    )


def scalars(query: Select[tuple[T]], order: Order, asked: Asked = FIRST) -> Page[T]:
    """A page of the one thing that the query selects."""
    page = rows(query, order, asked)
    return page.with_items([item for (item,) in page])


def _column(one: Any) -> ColumnElement[Any]:
    return cast(ColumnElement[Any], one.element if _falls(one) else one)


def _of_its_kind(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Its value as a cursor reads it again: an expression may bear another type than the database gives it."""
    return column if isinstance(column, Column | InstrumentedAttribute) else cast_in_sql(column, column.type)


def _falls(one: Any) -> bool:
    return isinstance(one, UnaryExpression) and one.modifier is desc_op


def _literal(value: Any, column: ColumnElement[Any]) -> ColumnElement[Any]:
    # A cursor may hold any bigint, also where the column is narrower.
    return literal(value, BigInteger() if isinstance(value, int) else column.type)


def _past(column: Any, end: Any, *, falls: bool) -> ColumnElement[bool]:
    return cast(ColumnElement[bool], column < end if falls else column > end)
