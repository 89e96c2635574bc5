"""One member's rank told day by day without any table: what standings are compared with."""

from dataclasses import dataclass, field
from datetime import date, datetime

from app.kernel import clock
from app.tiers.ladders.rules import AtEnd, Rung

BEGUN = date(2026, 1, 31)
HEIGHTS = (0, 100, 300, 700)
CODES = ("silver", "gold", "platinum", "diamond")
RUNGS = tuple(Rung(code, code, height) for code, height in zip(CODES, HEIGHTS, strict=True))


@dataclass
class Plain:
    """The growth with its moments, the rank, and the day on which its period ends."""

    months: int
    at_end: AtEnd
    earned: list[tuple[datetime, int]] = field(default_factory=list)
    rank: int = 0
    began: datetime | None = None
    ends: date | None = None

    def reached(self, growth: int) -> int:
        return sum(height <= growth for height in HEIGHTS) - 1

    def total(self, after: datetime | None, until: datetime) -> int:
        return max(sum(one for at, one in self.earned if (after is None or at > after) and at <= until), 0)

    def lasting(self, today: date) -> int:
        """What was earned so lately that a standing which began with it would not be over."""
        days = ((clock.business_date(at), one) for at, one in self.earned)
        return max(sum(one for day, one in days if later(day, self.months) > today), 0)

    def end_what_ended(self, at: datetime) -> None:
        while self.ends is not None and clock.start_of_day(self.ends) <= at:
            over = clock.start_of_day(self.ends)
            reached = self.reached(self.total(self.began, over))
            if self.at_end is AtEnd.ONE_DOWN:
                self.rank = max(reached, self.rank - 1) if reached < self.rank else self.rank
            elif self.at_end is AtEnd.BY_GROWTH:
                self.rank = min(reached, self.rank)
            self.begin(over)

    def begin(self, at: datetime) -> None:
        self.began, self.ends = at, later(clock.business_date(at), self.months) if self.rank else None

    def earn(self, growth: int, at: datetime) -> None:
        self.end_what_ended(at)
        self.earned.append((at, growth))
        reached = self.reached(self.lasting(clock.business_date(at)))
        if reached > self.rank:
            self.rank = reached
            self.begin(at)


def later(day: date, months: int) -> date:
    """Counted on a calendar of its own: month by month, the last day where a month is too short."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError
