"""Points and tiers of any day of the Complete Journey year, in plain Python out of the data set's baskets.

Written from the rules' text alone, as `expected` is: what follows is said here once more, in numbers of its own.

Points: one a yuan; as much again on the 8th, 18th and 28th, half as much again in a campaign, and 10, 20 or 30 % more
by the tier on which the day would end as far as it has gone; added up, then rounded down once. They are good for six
months. Each third month, on the 15th, everybody who can spends 500, those first that run out first. Growth: one a yuan,
entered as the day ends. Gold takes 300 within three months, platinum 900, diamond 2,000; a tier is kept for three
months, then the growth of these decides: enough for it keeps it, else it is one down, or wherever they reach if that is
higher.
"""

import calendar
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

_TIERS = ((0, "silver", 0), (300, "gold", 1_000), (900, "platinum", 2_000), (2_000, "diamond", 3_000))
_DOUBLE_DAYS = {8, 18, 28}
_CAMPAIGN = (date(2017, 6, 1), date(2017, 6, 18))
_SPENT, _SPENT_ON = 500, {(3, 15), (6, 15), (9, 15), (12, 15)}
_PERIOD_MONTHS, _GOOD_MONTHS = 3, 6


@dataclass(frozen=True, slots=True)
class Sums:
    """What all points come to by the end of a day; `due` is what can be spent, by the month it runs out in."""

    accrued: int
    spent: int
    expired: int
    due: dict[date, int]


@dataclass(slots=True)
class _Stand:
    """A tier by its rank; `since` is the first day whose growth counts for its period, `ends` the day it is over."""

    rank: int = 0
    since: date = date.min
    ends: date | None = None


@dataclass(slots=True)
class _Household:
    growth: Counter[date] = field(default_factory=Counter)
    stand: _Stand = field(default_factory=_Stand)
    lots: defaultdict[date, int] = field(default_factory=lambda: defaultdict(int))  # by the last day

    def stand_at(self, day: date) -> _Stand:
        """Where they stand as a day begins, without what that day may bring."""
        stand = self.stand
        while stand.ends is not None and stand.ends <= day:
            reached = _reached(self._grown(stand.since, stand.ends - timedelta(days=1)))
            rank = stand.rank if reached >= stand.rank else max(reached, stand.rank - 1)
            ends = _months_after(stand.ends, _PERIOD_MONTHS) if rank else None
            stand = _Stand(rank, stand.ends, ends)
        return stand

    def grow(self, day: date, growth: int) -> None:
        """As the day ends."""
        if not growth:
            return
        self.growth[day] += growth
        self.stand = self.stand_at(day)
        reached = _reached(self._counting(day))
        if reached > self.stand.rank:
            self.stand = _Stand(reached, day + timedelta(days=1), _months_after(day, _PERIOD_MONTHS))

    def spend(self) -> int:
        """How many points went: all or none."""
        if sum(self.lots.values()) < _SPENT:
            return 0
        left = _SPENT
        for last in sorted(self.lots):
            taken = min(left, self.lots[last])
            self.lots[last] -= taken
            left -= taken
        return _SPENT

    def expire(self, today: date) -> int:
        """How many points ran out before a day."""
        return sum(self.lots.pop(last) for last in [last for last in self.lots if last < today])

    def _counting(self, day: date) -> int:
        """What counts for rising: growth of days with which a standing could have begun that is not over."""
        return sum(grown for begun, grown in self.growth.items() if begun <= day < _months_after(begun, _PERIOD_MONTHS))

    def _grown(self, first: date, last: date) -> int:
        return sum(growth for day, growth in self.growth.items() if first <= day <= last)


class Books:
    """The year's points and tiers; days are asked in their order."""

    def __init__(self, baskets: Any, households: list[int]) -> None:
        self._bought = defaultdict[date, list[tuple[int, int]]](list)
        for row in baskets.sort_values(["at", "basket_id"]).itertuples():
            self._bought[row.day].append((int(row.household), int(row.fen)))
        self._households = {one: _Household() for one in households}
        self._next = min(self._bought)
        self._accrued = self._spent = self._expired = 0

    def tiers(self, as_of: date) -> dict[int, str]:
        """By household: the tier at the end of a day."""
        self._play(as_of)
        tomorrow = as_of + timedelta(days=1)
        return {one: _TIERS[found.stand_at(tomorrow).rank][1] for one, found in self._households.items()}

    def sums(self, as_of: date) -> Sums:
        """All points by the end of a day, once its night is over."""
        self._play(as_of)
        due = Counter[date]()
        for one in self._households.values():
            for last, points in one.lots.items():
                due[last.replace(day=1)] += points
        return Sums(
            self._accrued, self._spent, self._expired, {month: due[month] for month in sorted(due) if due[month]}
        )

    def _play(self, as_of: date) -> None:
        while self._next <= as_of:
            self._live(self._next)
            self._next += timedelta(days=1)

    def _live(self, day: date) -> None:
        bought, tomorrow = self._bought.get(day, []), day + timedelta(days=1)
        for one, fen in bought:
            household = self._households[one]
            points = fen * _factor_bps(day, household.stand_at(tomorrow).rank) // 1_000_000
            self._accrued += points
            household.lots[_months_after(day, _GOOD_MONTHS)] += points
            household.grow(day, fen // 100)
        for household in self._households.values():
            if (day.month, day.day) in _SPENT_ON:
                self._spent += household.spend()
            self._expired += household.expire(tomorrow)


def _factor_bps(day: date, rank: int) -> int:
    double = 10_000 if day.day in _DOUBLE_DAYS else 0
    campaign = 5_000 if _CAMPAIGN[0] <= day <= _CAMPAIGN[1] else 0
    return 10_000 + double + campaign + _TIERS[rank][2]


def _reached(growth: int) -> int:
    return max(rank for rank, (least, _, _) in enumerate(_TIERS) if least <= growth)


def _months_after(day: date, months: int) -> date:
    """The same day of another month, or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
