"""Every job in one table. Triggers run on the mall's wall clock; what a job does reads the product's own clock."""

from collections.abc import Callable
from dataclasses import dataclass

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from app.kernel.clock import MALL_ZONE
from jobs import work
from jobs.tools import Tools
from jobs.work import Batch


@dataclass(frozen=True, slots=True)
class Job:
    """A job: when it runs, what runs, and what that is. `often`: only runs that did something are logged."""

    name: str
    when: str
    trigger: BaseTrigger
    run: Callable[[Tools], Batch]
    often: bool

    @property
    def about(self) -> str:
        """The first line of what the function says of itself."""
        return (self.run.__doc__ or "").strip().splitlines()[0]


def _every(seconds: int, run: Callable[[Tools], Batch]) -> Job:
    trigger = IntervalTrigger(seconds=seconds, timezone=MALL_ZONE)
    return Job(run.__name__, f"every {seconds} s", trigger, run, often=True)


def _daily(time: str, run: Callable[[Tools], Batch], *, until_hour: int | None = None) -> Job:
    """Once a day at "HH:MM"; with `until_hour` again every hour up to it, to catch up what was missed."""
    hour, minute = time.split(":")
    hours = hour if until_hour is None else f"{int(hour)}-{until_hour}"
    trigger = CronTrigger(hour=hours, minute=minute, timezone=MALL_ZONE)
    when = f"daily at {time}" if until_hour is None else f"daily at {time}, hourly until {until_hour}:{minute}"
    return Job(run.__name__, when, trigger, run, often=False)


JOBS: tuple[Job, ...] = (
    _every(1, work.greet_contacts),
    _every(1, work.tell_gates),
    _every(3, work.send_messages),
    _every(5, work.link_contacts),
    _every(5, work.take_in_subscriptions),
    _every(20, work.close_overdue_orders),
    _every(20, work.refund_late_payments),
    _every(60, work.give_up_silent_messages),
    _every(60, work.raise_cases),
    _daily("10:00", work.plan_coupon_reminders, until_hour=20),
    _daily("00:20", work.expire_points),
    _daily("03:00", work.prove_points),
    _daily("03:30", work.prove_consents),
    _daily("04:00", work.sweep),
)


def find_job(name: str) -> Job | None:
    return next((job for job in JOBS if job.name == name), None)
