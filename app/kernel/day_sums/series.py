"""What is counted by day, and the statement that counts it from the rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, and_, cast, func, literal, or_, select

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Rows of a mall that are counted by day under a key.

    `origin` is the table, or a join with what says whose mall a row is; `day` a date column where the table has one,
    `moment` when it was where it has that: at least one of them. `amount` is what one row adds, none where rows are
    only counted.
    """

    name: str
    origin: Any
    mall: Any
    key: Any
    moment: Any = None
    day: Any = None
    amount: Any = None
    wanted: Sequence[ColumnElement[bool]] = ()

    def rows(
        self, mall_id: int, stretches: Sequence[Stretch], *, by: Sequence[str], keys: Collection[int] | None = None
    ) -> Select[Any]:
        """The sums of the stretches from the rows: the name, the columns of `by` ("key", "day"), count, amount."""
        groups = [{"key": self.key, "day": self.day_of_row()}[name] for name in by]
        statement = select(literal(self.name), *groups, *self._sums()).select_from(self.origin)
        return statement.where(*self._narrowed(mall_id, stretches, keys)).group_by(*groups)

    def beginning(self, mall_id: int) -> Select[Any]:
        """When the first row was: a moment, or a day where the table has nothing else."""
        first = func.min(self.day if self.moment is None else self.moment)
        return select(first).select_from(self.origin).where(self.mall == mall_id, *self.wanted)

    def day_of_row(self) -> Any:
        """The mall's day of a row."""
        if self.day is not None:
            return self.day
        return day_of(self.moment)

    def _sums(self) -> list[ColumnElement[int]]:
        if self.amount is None:
            return [func.count(), cast(0, BigInteger)]
        return [func.count(), cast(func.coalesce(func.sum(self.amount), 0), BigInteger)]

    def _narrowed(
        self, mall_id: int, stretches: Sequence[Stretch], keys: Collection[int] | None
    ) -> list[ColumnElement[bool]]:
        inside: ColumnElement[bool] = or_(*(self._within(one) for one in stretches))
        narrowed: list[ColumnElement[bool]] = [self.mall == mall_id, inside, *self.wanted]
        return narrowed if keys is None else [*narrowed, self.key.in_(sorted(keys))]

    def _within(self, stretch: Stretch) -> ColumnElement[bool]:
        """A date column is asked for its days, which its index has; the moment also for what begins within a day."""
        since, until = stretch
        last = until - timedelta(microseconds=1)
        parts: list[ColumnElement[bool]] = [] if self.moment is None else [self.moment < until]
        parts += [] if self.day is None else [self.day <= clock.business_date(last)]
        if since is not None:
            parts += [] if self.moment is None else [self.moment >= since]
            parts += [] if self.day is None else [self.day >= clock.business_date(since)]
        return and_(*parts)


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
