"""The last seven days as one picture: how many came in each hour, darker the more they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.entrances import footfall_queries

SHADES = 5


@dataclass(frozen=True, slots=True)
class Hour:
    """How many came, None where nobody said; `shade` is 0 to SHADES."""

    visitors: int | None
    shade: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day with the hours of the picture, and all of them together."""

    day: date
    hours: Sequence[Hour]
    visitors: int


@dataclass(frozen=True, slots=True)
class Week:
    """The days, the latest last, with the hours in which anybody was counted."""

    hours: Sequence[int]
    days: Sequence[Day]

    @property
    def visitors(self) -> int:
        """How many came in all."""
        return sum(day.visitors for day in self.days)


def read(mall_id: int, *, today: date) -> Week:
    """The seven days up to today."""
    days = [today - timedelta(days=ago) for ago in reversed(range(7))]
    return draw(days, footfall_queries.sum_hours(mall_id, first=days[0], last=today))


def draw(days: Sequence[date], sums: Mapping[tuple[date, int], int]) -> Week:
    """The picture of the days from what came in each hour."""
    counted = [hour for _, hour in sums]
    hours = range(min(counted), max(counted) + 1) if counted else range(0)
    most = max(sums.values(), default=0)
    return Week(hours, [_day(day, hours, sums, most) for day in days])


def _day(day: date, hours: range, sums: Mapping[tuple[date, int], int], most: int) -> Day:
    shown = [sums.get((day, hour)) for hour in hours]
    return Day(day, [Hour(one, _shade(one, most)) for one in shown], sum(one or 0 for one in shown))


def _shade(visitors: int | None, most: int) -> int:
    return -(-(visitors or 0) * SHADES // most) if most else 0
