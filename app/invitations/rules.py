"""What counts as a friend brought: pure, in days of the mall."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel import clock

# A friend who has just joined is often still in the mall; later a look a day is enough.
_SOON, _SOON_EVERY, _EVERY = timedelta(days=1), timedelta(minutes=10), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A friend counts who buys for `least_fen` at once, or comes if `counts_visits`, within `within_days` of joining.

    What it brings is given when `waiting_days` are over, for `most_a_month` friends whose first act is in one month.
    """

    counts_visits: bool = True
    least_fen: int = 0
    within_days: int = 90
    waiting_days: int = 7
    most_a_month: int = 10

    def since(self, joined_at: datetime) -> datetime:
        """From when on an act counts: the beginning of the day of joining, since many buy before they join."""
        return clock.start_of_day(clock.business_date(joined_at))

    def until(self, joined_at: datetime) -> datetime:
        """Until when one counts; a friend who has not come by then has lapsed."""
        return clock.start_of_day(clock.business_date(joined_at) + timedelta(days=self.within_days + 1))

    def due_at(self, acted_at: datetime) -> datetime:
        """When what an act brings is given: as the day begins that follows the waiting days."""
        if not self.waiting_days:
            return acted_at
        return clock.start_of_day(clock.business_date(acted_at) + timedelta(days=self.waiting_days + 1))


def next_look(joined_at: datetime, *, now: datetime) -> datetime:
    """When to look again at a friend who has not come yet."""
    return now + (_SOON_EVERY if now < joined_at + _SOON else _EVERY)


def month_of(acted_at: datetime) -> tuple[datetime, datetime]:
    """The calendar month of an act, from its beginning to that of the next one."""
    first = clock.first_of_month(clock.business_date(acted_at))
    return clock.start_of_day(first), clock.start_of_day(clock.first_of_month(first + timedelta(days=31)))
