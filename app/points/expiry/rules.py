"""The last day of points: pure functions of a policy and a day."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.kernel import clock
from app.points.expiry.models import Until

# The last day of points that never run out, so that every comparison of days holds for them, too.
NEVER = date.max
LEAST_MONTHS, MOST_MONTHS = 1, 120
MOST_GRACE_DAYS = 365
LEAST_NOTICE_DAYS, MOST_NOTICE_DAYS = 1, 90


@dataclass(frozen=True, slots=True)
class Policy:
    """What a version says; the defaults hold before the first one."""

    until: Until = Until.END_OF_NEXT_YEAR
    months: int | None = None
    grace_days: int = 30
    notice_days: int = 30

    def last_day(self, earned_on: date) -> date:
        """The last day on which points can be spent that were earned on a day."""
        match self.until:
            case Until.NEVER:
                return NEVER
            case Until.MONTHS:
                return clock.add_months(earned_on, self.months or 0)
            case Until.END_OF_NEXT_YEAR:
                return date(earned_on.year + 1, 12, 31)

    def end_of(self, earned_on: date) -> date | None:
        """The same, None where there is none."""
        last_day = self.last_day(earned_on)
        return None if last_day == NEVER else last_day

    def last_day_of_grace(self, returned_on: date) -> date | None:
        """The last day of points that return on a day after their own; None where nothing is granted."""
        return returned_on + timedelta(days=self.grace_days) if self.grace_days else None


DEFAULT = Policy()
