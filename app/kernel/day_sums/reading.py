"""Reading figures of a mall: from the sums of days that are over, and from the rows for all others.

    sums = DaySums(mall_id, [SCANS])
    sums.by_key(SCANS, last=today)  # ever, by entrance

How far sums reach is asked once, when it is made: what a page shows together belongs together.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, and_, cast, func, or_, select, union_all

from app.kernel import clock
from app.kernel.day_sums.models import DayHorizon, DayMark, DaySum
from app.kernel.day_sums.series import NOTHING, Series, Stretch, Sum, joined, stretches_of
from app.kernel.db import db

Group = tuple[Any, ...]
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
        found = self._read([series], _whole(first, last), ("key",), keys)[series.name]
        return {key: one for (key,), one in found.items()}

    def by_day(
        self, series: Series, *, first: date, last: date, keys: Collection[int] | None = None
    ) -> dict[date, Sum]:
        """What each day comes to that has anything."""
        return self.by_day_each([series], first=first, last=last, keys=keys)[series.name]

    def by_day_each(
        self, series: Sequence[Series], *, first: date, last: date, keys: Collection[int] | None = None
    ) -> dict[str, dict[date, Sum]]:
        """The same of several series, by their names."""
        found = self._read(series, _whole(first, last), ("day",), keys)
        return {one.name: {day: sum_ for (day,), sum_ in found[one.name].items()} for one in series}

    def by_key_and_day(
        self, series: Series, *, first: date, last: date, keys: Collection[int] | None = None
    ) -> dict[tuple[int, date], Sum]:
        """What each key has on each day that has anything."""
        found = self._read([series], _whole(first, last), ("key", "day"), keys)[series.name]
        return {(key, day): one for (key, day), one in found.items()}

    def between(self, series: Series, since: datetime, until: datetime) -> dict[int, Sum]:
        """What lies between two moments, by key."""
        found = self._read([series], _Span(since, until), ("key",), None)[series.name]
        return {key: one for (key,), one in found.items()}

    def totals(self, since: datetime, until: datetime) -> dict[str, Sum]:
        """What lies between two moments, for each of the series by its name."""
        found = self._read(self._series, _Span(since, until), (), None)
        return {one.name: found[one.name].get((), NOTHING) for one in self._series}

    def _read(
        self, series: Sequence[Series], span: _Span, by: Sequence[str], keys: Collection[int] | None
    ) -> dict[str, dict[Group, Sum]]:
        """From the sums in one statement, and in another from the rows of each series where anything is open."""
        found: dict[str, dict[Group, Sum]] = defaultdict(dict)
        for name, *group, count, amount in self._summed(series, span, by, keys):
            found[name][tuple(group)] = Sum(int(count), int(amount))
        for name, *group, count, amount in self._counted(series, span, by, keys):
            key = tuple(group)
            found[name][key] = found[name].get(key, NOTHING).plus(Sum(int(count), int(amount)))
        return found

    def _counted(
        self, series: Sequence[Series], span: _Span, by: Sequence[str], keys: Collection[int] | None
    ) -> Sequence[Any]:
        """Of each series what no sum has, from its rows."""
        open_stretches = [(one, span.open_stretches(self._reach[one.name])) for one in series]
        counts = [
            one.rows(self._mall_id, stretches, by=by, keys=keys) for one, stretches in open_stretches if stretches
        ]
        if not counts or (keys is not None and not keys):
            return []
        return db.session.execute(counts[0] if len(counts) == 1 else union_all(*counts)).all()

    def _summed(
        self, series: Sequence[Series], span: _Span, by: Sequence[str], keys: Collection[int] | None
    ) -> Sequence[Any]:
        parts = [_summed_part(one.name, self._reach[one.name], span) for one in series]
        parts = [part for part in parts if part is not None]
        if not parts or (keys is not None and not keys):
            return []
        groups = [DaySum.series, *({"key": DaySum.key, "day": DaySum.day}[name] for name in by)]
        sums = [cast(func.sum(total), BigInteger) for total in (DaySum.count, DaySum.amount)]
        statement = select(*groups, *sums).where(DaySum.mall_id == self._mall_id, or_(*parts)).group_by(*groups)
        if keys is not None:
            statement = statement.where(DaySum.key.in_(sorted(keys)))
        return db.session.execute(statement).all()


def _summed_part(name: str, reach: _Reach, span: _Span) -> Any:
    """The condition for the sums of a series; None where none of the days is summed."""
    first, end = span.first, min(span.end, reach.until)
    if first >= end:
        return None
    parts = [DaySum.series == name, DaySum.day < end]
    parts += [DaySum.day >= first] if span.since is not None else []
    changed = sorted(day for day in reach.changed if first <= day < end)
    return and_(*parts, *([DaySum.day.not_in(changed)] if changed else []))


def _whole(first: date | None, last: date) -> _Span:
    return _Span(None if first is None else clock.start_of_day(first), clock.end_of_day(last))


def _reach_of(mall_id: int, names: Sequence[str]) -> Mapping[str, _Reach]:
    """How far each series is summed, and which days changed since: both of one moment."""
    changed = (
        select(func.array_agg(DayMark.day.distinct()))
        .where(DayMark.mall_id == DayHorizon.mall_id, DayMark.series == DayHorizon.series)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(DayHorizon.series, DayHorizon.until, changed).where(
            DayHorizon.mall_id == mall_id, DayHorizon.series.in_(names), DayHorizon.until.is_not(None)
        )
    )
    found = {name: _Reach(until, frozenset(days or ())) for name, until, days in rows}
    return {name: found.get(name, _Reach()) for name in names}
