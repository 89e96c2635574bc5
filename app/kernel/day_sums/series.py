"""What is counted by day, and stretches of days."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select

from app.kernel import clock
from app.kernel.lists.days import day_of


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows, and what they add up to."""

    count: int = 0
    amount: int = 0

    def plus(self, other: "Sum") -> "Sum":
        return Sum(self.count + other.count, self.amount + other.amount)


NOTHING = Sum()


# A day is summed so long after its end. Who began to write before midnight has ended by then.
GRACE = timedelta(hours=1)


class Stretch(NamedTuple):
    """From a moment on, or ever, up to another, which is not included."""

    since: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """Rows of a mall that are counted by day under a key.

    `origin` is the table, or a join with what says whose mall a row is; `day` a date column where the table has one,
    `moment` when it was where it has that: at least one of them. `amount` is what one row adds, none where rows are
    only counted. A series is a constant of its module and equals itself alone.
    """

    name: str
    origin: Any
    mall: Any
    key: Any
    moment: Any = None
    day: Any = None
    amount: Any = None
    wanted: Sequence[ColumnElement[bool]] = ()

    def beginning(self, mall_id: int) -> Select[Any]:
        """When the first row was: a moment, or a day where the table has nothing else."""
        first = func.min(self.day if self.moment is None else self.moment)
        return select(first).select_from(self.origin).where(self.mall == mall_id, *self.wanted)

    def day_of_row(self) -> Any:
        """The mall's day of a row."""
        if self.day is not None:
            return self.day
        return day_of(self.moment)


def stretches_of(days: Collection[date]) -> list[Stretch]:
    """The days as stretches."""
    return [Stretch(clock.start_of_day(day), clock.end_of_day(day)) for day in days]


def joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """As few stretches as say the same; they do not overlap."""
    found: list[Stretch] = []
    for one in sorted(stretches, key=lambda stretch: stretch.until):
        if found and found[-1].until == one.since:
            one = Stretch(found.pop().since, one.until)
        found.append(one)
    return found
