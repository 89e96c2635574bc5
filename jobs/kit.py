"""What a job is: batches of work on a schedule. Triggers run on the mall's wall clock, work on the product's clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from app.kernel import clock
from app.kernel.clock import MALL_ZONE
from jobs.tools import Tools

# A daily job is due at least once in this time.
_LOOK_BACK = timedelta(days=1, minutes=1)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch did: how many things, whether more may wait, and facts worth keeping. No personal data."""

    done: int
    more: bool = False
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def counted(cls, done: int, *, limit: int) -> "Batch":
        """So many things were done; at the limit more may wait."""
        return cls(done, more=done == limit)

    @classmethod
    def told(cls, tried: int, *, limit: int) -> "Batch":
        """What became of queued rows stands in the rows; here only whether more may wait."""
        return cls(0, more=tried == limit)

    @classmethod
    def proved(cls, member_ids: Sequence[int]) -> "Batch":
        """Members whose books disagree; right is none."""
        return cls(len(member_ids), facts={"member_ids": list(member_ids)})


@dataclass(frozen=True, slots=True)
class Job:
    """A job: when it runs, what runs, and what that is. `often`: only runs that did something are logged.

    `at_once`: so many of its batches at a time, which take different things.
    """

    name: str
    when: str
    trigger: BaseTrigger
    run: Callable[[Tools], Batch]
    often: bool
    at_once: int = 1

    def last_due(self, now: datetime) -> datetime | None:
        """When the job should have begun for the last time before that moment; None in the day before it was none."""
        last, due = None, self.trigger.get_next_fire_time(None, now - _LOOK_BACK)
        while due is not None and due <= now:
            last, due = due, self.trigger.get_next_fire_time(due, due)
        return last

    def first_of_day(self, now: datetime) -> datetime:
        """When it is due for the first time on the mall's day, or after it: who is first then needs nobody after."""
        midnight = clock.start_of_day(clock.business_date(now))
        return self.trigger.get_next_fire_time(None, midnight) or now

    @property
    def about(self) -> str:
        """The first line of what the function says of itself."""
        return (self.run.__doc__ or "").strip().splitlines()[0]


def every(seconds: int, run: Callable[[Tools], Batch]) -> Job:
    trigger = IntervalTrigger(seconds=seconds, timezone=MALL_ZONE)
    return Job(run.__name__, f"every {seconds} s", trigger, run, often=True)


def daily(time: str, run: Callable[[Tools], Batch], *, until_hour: int | None = None, at_once: int = 1) -> Job:
    """Once a day at "HH:MM"; with `until_hour` again every hour up to it, to catch up what was missed."""
    hour, minute = time.split(":")
    hours = hour if until_hour is None else f"{int(hour)}-{until_hour}"
    trigger = CronTrigger(hour=hours, minute=minute, timezone=MALL_ZONE)
    when = f"daily at {time}" if until_hour is None else f"daily at {time}, hourly until {until_hour}:{minute}"
    return Job(run.__name__, when, trigger, run, often=False, at_once=at_once)
