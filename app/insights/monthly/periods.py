"""Which days a month's figures are about."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.kernel import clock


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day of a month to its last, or to the last day that was worked out."""

    first: date
    last: date

    @classmethod
    def of(cls, month: date, *, until: date) -> "Period":
        """A month, as far as its days were worked out."""
        return cls(month, min(last_day(month), until))

    @property
    def start(self) -> datetime:
        return clock.start_of_day(self.first)

    @property
    def end(self) -> datetime:
        """Not included."""
        return clock.end_of_day(self.last)

    @property
    def before(self) -> date:
        """The day before it begins."""
        return self.first - timedelta(days=1)

    def over(self, days: int) -> tuple[date, date]:
        """From when to when something began of which so many days ended in the period."""
        return self.first - timedelta(days=days), self.last - timedelta(days=days)


def last_day(month: date) -> date:
    """The last day of the month that holds a day."""
    return clock.first_of_next_month(month) - timedelta(days=1)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return clock.first_of_month(clock.first_of_month(month) - timedelta(days=1))
