"""What the figures of points mean: the redemption rate, its band, and what the next year may bring. Pure.

The redemption rate of a span: points spent, less those given back, of those issued in the span, less those taken back
with returned purchases. It says nothing of single points: what is spent this month was issued in others.

The forecast lets what is outstanding run off month by month. Members who have done nothing for long (`IDLE_DAYS`) spend
nothing: their points wait to run out. The others begin at the pace at which all together spent in the last months, and
each month spend the same share of what they have, from what runs out first; what is left of a month's points at its end
runs out; and each month issues as much as the last months did on average. Of a month that has begun only the days to
come count.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from app.kernel import clock, money
from app.points.proof.ways import Way

BAND_BPS = (2_800, 3_200)
RATE_DAYS = 365
# A rate of fewer days says too little for an alarm.
LEAST_DAYS = 90
MONTHS_AHEAD = 12
# So many whole months are the past that the forecast goes by.
MONTHS_BEHIND = 3
# Who has done nothing themselves for so many days is not expected to spend.
IDLE_DAYS = 180


@dataclass(frozen=True, slots=True)
class Rate:
    """Points issued and spent in some days, both net; `bps` is None where none were issued."""

    first: date
    last: date
    issued: int
    spent: int

    @property
    def bps(self) -> int | None:
        """The share."""
        return money.divide(self.spent * money.BPS, self.issued) if self.issued > 0 else None

    @property
    def days(self) -> int:
        """Of how many days it is."""
        return (self.last - self.first).days + 1

    @property
    def is_telling(self) -> bool:
        """Whether it is of enough days to be held against the band."""
        return self.bps is not None and self.days >= LEAST_DAYS

    @property
    def is_outside(self) -> bool:
        """Whether it tells, and is outside of the band."""
        least, most = BAND_BPS
        return self.is_telling and self.bps is not None and not least <= self.bps <= most


def issued_of(ways: Mapping[Way, int]) -> int:
    """Points issued net: given for acts or by hand, less what was taken back with purchases."""
    return sum(ways.get(way, 0) for way in (Way.ACCRUED, Way.ADJUSTED, Way.TAKEN_BACK))


def spent_of(ways: Mapping[Way, int]) -> int:
    """Points spent net, above zero."""
    return -sum(ways.get(way, 0) for way in (Way.SPENT, Way.GIVEN_BACK))


def rate_of(ways: Mapping[Way, int], *, first: date, last: date) -> Rate:
    """The redemption rate of the days."""
    return Rate(first, last, issued_of(ways), spent_of(ways))


@dataclass(frozen=True, slots=True)
class MonthAhead:
    """What a month may bring, in points; `left` is outstanding at its end."""

    month: date
    issued: int
    spent: int
    expired: int
    left: int


@dataclass(frozen=True, slots=True)
class Past:
    """What the last months were like: points issued in one on average, and the share of what was outstanding spent."""

    issued: int
    spent_bps: int


def past_of(months: Sequence[Mapping[Way, int]], *, left: int) -> Past:
    """What some whole months were like, the oldest first, after which `left` points were outstanding."""
    issued = spent = outstanding = 0
    for ways in reversed(months):
        left -= sum(ways.values())  # as the month began
        outstanding += max(left, 0)
        issued += max(issued_of(ways), 0)
        spent += max(spent_of(ways), 0)
    share = min(money.divide(spent * money.BPS, outstanding), money.BPS) if outstanding else 0
    return Past(money.divide(issued, len(months)) if months else 0, share)


def forecast(
    due: Mapping[date, int],
    past: Past,
    *,
    start: date,
    expiry_day: Callable[[date], date | None],
    idle: Mapping[date, int] = MappingProxyType({}),
) -> list[MonthAhead]:
    """The next months from the one of `start` on; `due` is outstanding by the month it runs out in, `idle` the part
    of it that nobody is expected to spend.

    `expiry_day` is the last day of what is earned on a day, None for what never runs out.
    """
    resting, left = dict(idle), {due_in: points - idle.get(due_in, 0) for due_in, points in due.items()}
    share_bps, month = _share_of_active(past, sum(due.values()), sum(left.values())), clock.first_of_month(start)
    ahead = []
    for _ in range(MONTHS_AHEAD):
        last, following = expiry_day(month), clock.first_of_next_month(month)
        to_come, days = (following - max(start, month)).days, (following - month).days
        spent = _spend(left, money.divide(sum(left.values()) * share_bps * to_come, money.BPS * days))
        issued = money.divide(past.issued * to_come, days)
        runs_out = date.max if last is None else clock.first_of_month(last)
        left[runs_out] = left.get(runs_out, 0) + issued
        expired = sum(_run_out(points, month) for points in (left, resting))
        ahead.append(MonthAhead(month, issued, spent, expired, sum(left.values()) + sum(resting.values())))
        month = following
    return ahead


def _share_of_active(past: Past, points: int, of_active: int) -> int:
    """Which share of their points the active spend in a month, when what they spend is the past's share of all."""
    return min(money.divide(past.spent_bps * points, of_active), money.BPS) if of_active else past.spent_bps


def _run_out(left: dict[date, int], month: date) -> int:
    """Take away what runs out in the month, or should have before; returns how many points."""
    return sum(left.pop(due_in) for due_in in sorted(left) if due_in <= month)


def _spend(left: dict[date, int], points: int) -> int:
    """Take points from what runs out first; returns how many."""
    wanted = points
    for due_in in sorted(left):
        part = min(left[due_in], wanted)
        left[due_in] -= part
        wanted -= part
    return points - wanted
