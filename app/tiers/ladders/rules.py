"""What a ladder is: rungs in the order of their thresholds, and how long who has risen may stay. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.kernel import clock


class AtEnd(StrEnum):
    """What the end of a member's period does when its growth would not reach their tier again."""

    KEPT = "kept"  # nothing: another period begins on the same tier
    ONE_DOWN = "one_down"  # one rung down, or wherever the period's growth reaches if that is higher
    BY_GROWTH = "by_growth"  # wherever the period's growth reaches


@dataclass(frozen=True, slots=True)
class Rung:
    """A tier: reached with so much growth (>= 0)."""

    code: str
    name: str
    threshold: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs from the lowest (at nought) up.

    With `period_months` only the growth of so many months counts for rising, and who has risen stays for as long;
    without (None) all growth ever counts, and no standing ends.
    """

    rungs: Sequence[Rung]
    period_months: int | None = None
    at_end: AtEnd = AtEnd.KEPT

    def rank_of(self, code: str) -> int:
        """How many rungs lie below a tier; a code that the ladder does not know counts as the lowest."""
        return next((rank for rank, rung in enumerate(self.rungs) if rung.code == code), 0)

    def rung_of(self, code: str) -> Rung:
        """The rung of a tier."""
        return self.rungs[self.rank_of(code)]

    def reached(self, growth: int) -> Rung:
        """The highest rung that so much growth reaches."""
        return [rung for rung in self.rungs if rung.threshold <= max(growth, 0)][-1]

    def above(self, code: str) -> Rung | None:
        """The next rung; None above the highest."""
        rank = self.rank_of(code) + 1
        return self.rungs[rank] if rank < len(self.rungs) else None

    def below(self, code: str) -> Rung:
        """The rung below; the lowest itself below the lowest."""
        return self.rungs[max(self.rank_of(code) - 1, 0)]

    def higher(self, one: str, other: str) -> str:
        """The higher of two tiers."""
        return max(one, other, key=self.rank_of)

    def period_end(self, code: str, began_at: datetime) -> datetime | None:
        """When a standing that began then is over; None for the lowest rung, and where no standing ends."""
        if self.period_months is None or self.rank_of(code) == 0:
            return None
        return clock.start_of_day(clock.add_months(clock.business_date(began_at), self.period_months))

    def counts_after(self, at: datetime) -> datetime | None:
        """The last moment whose growth counts for rising no more; None: all growth counts.

        Growth counts as long as a standing that begins with it lasts, so what somebody rose by is gone when they fall.
        """
        if self.period_months is None:
            return None
        return clock.start_of_day(_first_counting(clock.business_date(at), self.period_months)) - _MOMENT


_MOMENT = timedelta(microseconds=1)  # the database knows none shorter


def _first_counting(day: date, months: int) -> date:
    """The first day from which so many months lead beyond a day; not that day so many months ago, which leads to it."""
    tomorrow = day + timedelta(days=1)
    first = clock.add_months(tomorrow, -months)
    return first if first.day == tomorrow.day else first + timedelta(days=1)  # in a shorter month it led to less
