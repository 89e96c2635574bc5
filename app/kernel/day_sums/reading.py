"""Reading figures of a mall: from the sums of days that are over, and from the rows for all others.

    sums = DaySums(mall_id, [SCANS])
    sums.by_key(SCANS, last=today)  # ever, by entrance

How far sums reach is asked once, when it is made: what a page shows together belongs together.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, Text, bindparam, func, select

from app.kernel import clock
from app.kernel.day_sums import asking
from app.kernel.day_sums.asking import Ask, By
from app.kernel.day_sums.models import DayHorizon, DayMark
from app.kernel.day_sums.series import NOTHING, Series, Stretch, Sum, joined, stretches_of
from app.kernel.fastpath.prepared import Prepared

Group = tuple[Any, Any]  # key and day; None where it is not by them
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Reach:
    """Days before `until` are summed, but for those that changed since."""

    until: date = date.min
    changed: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class _Span:
    """What is asked for: between two moments, the first of them None for ever; and the whole days within."""

    since: datetime | None
    until: datetime

    @property
    def first(self) -> date:
        """The first whole day."""
        if self.since is None:
            return date.min
        day = clock.business_date(self.since)
        return day if clock.start_of_day(day) == self.since else day + _DAY

    @property
    def end(self) -> date:
        """The day behind the last whole one."""
        return max(clock.business_date(self.until), self.first)

    def summed_stretches(self, reach: _Reach) -> list[Stretch]:
        """Whole days that have sums."""
        begin, end = self.first, min(self.end, reach.until)
        changed = sorted(day for day in reach.changed if begin <= day < end)
        begins, ends = [begin, *(day + _DAY for day in changed)], [*changed, end]
        return [_days(one, other) for one, other in zip(begins, ends, strict=True) if one < other]

    def open_stretches(self, reach: _Reach) -> list[Stretch]:
        """What no sum has: days that changed, those that are not summed yet, the pieces of days at both ends."""
        changed = [day for day in reach.changed if self.first <= day < min(self.end, reach.until)]
        begin = max(self.first, reach.until)
        return joined([*stretches_of(changed), *self._edges(begin)])

    def _edges(self, begin: date) -> list[Stretch]:
        if self.first >= self.end:  # no whole day
            return [Stretch(self.since, self.until)]
        head = [] if self.since is None else [Stretch(self.since, clock.start_of_day(self.first))]
        since = None if begin == date.min else clock.start_of_day(min(begin, self.end))
        return [one for one in (*head, Stretch(since, self.until)) if one.since is None or one.since < one.until]


class DaySums:
    """Sums of some series of a mall."""

    def __init__(self, mall_id: int, series: Sequence[Series]) -> None:
        self._mall_id = mall_id
        self._series = list(series)
        self._reach = _reach_of(mall_id, [one.name for one in series])

    def by_key(
        self, series: Series, *, last: date, first: date | None = None, keys: Collection[int] | None = None
    ) -> dict[int, Sum]:
        """What the days from the first (or ever) to the last come to for each key that has anything."""
        [found] = self._read([series], [_whole(first, last)], By(key=True, among=keys is not None), keys)
        return {key: one for (key, _), one in found[series.name].items()}

    def by_day(
        self, series: Series, *, first: date, last: date, keys: Collection[int] | None = None
    ) -> dict[date, Sum]:
        """What each day comes to that has anything."""
        return self.by_day_each([series], first=first, last=last, keys=keys)[series.name]

    def by_day_each(
        self, series: Sequence[Series], *, first: date, last: date, keys: Collection[int] | None = None
    ) -> dict[str, dict[date, Sum]]:
        """The same of several series, by their names."""
        [found] = self._read(series, [_whole(first, last)], By(day=True, among=keys is not None), keys)
        return {name: {day: one for (_, day), one in sums.items()} for name, sums in found.items()}

    def by_key_and_day(
        self, series: Series, *, first: date, last: date, keys: Collection[int] | None = None
    ) -> dict[tuple[int, date], Sum]:
        """What each key has on each day that has anything."""
        [found] = self._read([series], [_whole(first, last)], By(key=True, day=True, among=keys is not None), keys)
        return found[series.name]

    def between_each(self, spans: Sequence[tuple[datetime, datetime]]) -> list[dict[str, dict[int, Sum]]]:
        """What lies between the two moments of each span: of each series by its name, by key."""
        found = self._read(self._series, [_Span(since, until) for since, until in spans], By(key=True), None)
        return [
            {name: {key: one for (key, _), one in sums.items()} for name, sums in of_span.items()} for of_span in found
        ]

    def _read(
        self, series: Sequence[Series], spans: Sequence[_Span], by: By, keys: Collection[int] | None
    ) -> list[dict[str, dict[Group, Sum]]]:
        """For each span what each series has: of the sums in one statement, in another of rows of open days."""
        found: list[dict[str, dict[Group, Sum]]] = [{one.name: {} for one in series} for _ in spans]
        for answer, stretches_of_span in _WAYS:
            asked = [
                (of_span[one.name], Ask(one, stretch))
                for of_span, span in zip(found, spans, strict=True)
                for one in series
                for stretch in stretches_of_span(span, self._reach[one.name])
            ]
            for one in answer(self._mall_id, [ask for _, ask in asked], by, keys or ()):
                sums, group = asked[one.number][0], (one.key, one.day)
                sums[group] = sums.get(group, NOTHING).plus(one.sum)
        return found


_WAYS = ((asking.summed, _Span.summed_stretches), (asking.counted, _Span.open_stretches))


def _days(begin: date, end: date) -> Stretch:
    """From a day, or from ever, to the last one before `end`."""
    return Stretch(None if begin == date.min else clock.start_of_day(begin), clock.start_of_day(end))


def _whole(first: date | None, last: date) -> _Span:
    return _Span(None if first is None else clock.start_of_day(first), clock.end_of_day(last))


_CHANGED = (
    select(func.array_agg(DayMark.day.distinct()))
    .where(DayMark.mall_id == DayHorizon.mall_id, DayMark.series == DayHorizon.series)
    .scalar_subquery()
)
_REACHED = Prepared(
    select(DayHorizon.series, DayHorizon.until, _CHANGED.label("changed")).where(
        DayHorizon.mall_id == bindparam("mall_id"),
        DayHorizon.series == func.any(bindparam("names", type_=ARRAY(Text()))),
        DayHorizon.until.is_not(None),
    )
)


def _reach_of(mall_id: int, names: Sequence[str]) -> Mapping[str, _Reach]:
    """How far each series is summed, and which days changed since: both of one moment."""
    rows = _REACHED.all(mall_id=mall_id, names=list(names))
    found = {name: _Reach(until, frozenset(days or ())) for name, until, days in rows}
    return {name: found.get(name, _Reach()) for name in names}
