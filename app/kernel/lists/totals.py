"""How many rows a list has and what they sum to, counted only so far: a page never reads a whole table for its head.

    totals = count(Purchase, wanted, ORDER, amounts=[Purchase.amount_fen])

The conditions and the order are those of the list, about the one table whose rows it counts: so the index that has the
list's pages has its head, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Label,
    SQLColumnExpression,
    Subquery,
    cast,
    func,
    literal,
    select,
    union_all,
)

from app.kernel.db import Model, db
from app.kernel.lists.keyset import Order

K = TypeVar("K", bound=str)

MOST_COUNTED = 10_000
MOST_OF_EACH = 1_000


@dataclass(frozen=True, slots=True)
class Totals:
    """At least `count` rows; exactly so many, and `sums` of their amounts, when `sums` is not None."""

    count: int
    sums: tuple[int, ...] | None

    @property
    def is_all(self) -> bool:
        """Whether every row was counted."""
        return self.sums is not None


def count(
    table: type[Model],
    wanted: Sequence[ColumnElement[bool]],
    order: Order,
    *,
    amounts: Sequence[SQLColumnExpression[Any]] = (),
    most: int = MOST_COUNTED,
) -> Totals:
    """Count the wanted rows from the list's beginning and add their amounts up, giving up behind `most` rows."""
    columns: list[Label[Any]] = [amount.label(f"amount_{number}") for number, amount in enumerate(amounts)]
    rows = select(literal(1).label("one"), *columns).select_from(table).where(*wanted).order_by(*order.clauses())
    found = rows.limit(most + 1).subquery()
    sums = [cast(func.coalesce(func.sum(found.c[column.name]), 0), BigInteger) for column in columns]
    number, *summed = db.session.execute(select(func.count(), *sums).select_from(found)).one()
    return Totals(min(number, most), None) if number > most else Totals(number, tuple(summed))


def count_each(
    table: type[Model], wanted: Mapping[K, Sequence[ColumnElement[bool]]], *, most: int = MOST_OF_EACH
) -> dict[K, Totals]:
    """How many rows each of the conditions keeps, giving up behind `most` of each; those without any are left out."""
    found = {key: _up_to(table, conditions, most) for key, conditions in wanted.items()}
    counts = [select(literal(key).label("key"), func.count().label("n")).select_from(one) for key, one in found.items()]
    numbers = dict(db.session.execute(union_all(*counts)).tuples().all())
    return {
        key: Totals(most, None) if numbers[key] > most else Totals(numbers[key], ()) for key in wanted if numbers[key]
    }


def _up_to(table: type[Model], wanted: Sequence[ColumnElement[bool]], most: int) -> Subquery:
    return select(literal(1).label("one")).select_from(table).where(*wanted).limit(most + 1).subquery()
