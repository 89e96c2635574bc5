"""The window of days that tags rest on: which rows it holds, how they are weighed by age, and whose they are."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Double,
    and_,
    cast,
    func,
    literal,
    tuple_,
)
from sqlalchemy.sql.selectable import TableValuedAlias

from app.kernel import clock
from app.lifecycle.tags.computed.rules import Thresholds


@dataclass(frozen=True, slots=True)
class Window:
    """The days that count, how they are weighed, and whose the numbers of merged members are."""

    as_of: date
    by: Thresholds
    numbers: TableValuedAlias

    @property
    def first(self) -> date:
        """The first day."""
        return self.as_of - timedelta(days=self.by.window_days - 1)

    def holds(self, moment: ColumnElement[datetime]) -> ColumnElement[bool]:
        """The condition that a moment is in it."""
        return and_(moment >= clock.start_of_day(self.first), moment < clock.end_of_day(self.as_of))

    def weight(self, day: ColumnElement[date]) -> ColumnElement[float]:
        """What something of that day counts by now."""
        age = cast(literal(self.as_of, Date) - day, Double)
        return func.power(0.5, age / float(self.by.half_life_days), type_=Double())

    def person(self, member_id: ColumnElement[int]) -> ColumnElement[int]:
        """Who the member of a row is now; the row is joined to `numbers`."""
        return func.coalesce(self.numbers.c.person_id, member_id).label("person_id")

    def is_number_of(self, member_id: ColumnElement[int]) -> ColumnElement[bool]:
        """How a row is joined to `numbers`."""
        return self.numbers.c.member_id == member_id


def each(person: ColumnElement[Any], *dimensions: ColumnElement[Any]) -> Any:
    """All of a person together, and by each dimension alone."""
    return func.grouping_sets(tuple_(person), *(tuple_(person, dimension) for dimension in dimensions))


def sum_where(weight: ColumnElement[float], where: ColumnElement[bool]) -> ColumnElement[float]:
    """The weights of the rows that meet a condition."""
    return func.coalesce(func.sum(weight).filter(where), 0)
