"""Caps and quiet hours: pure rules over moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel import clock

DAY_MINUTES = 24 * 60
LONGEST_WINDOW = timedelta(days=90)
# What waits for the morning needs some hours to go out in.
MOST_QUIET_MINUTES = 20 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """At most `marketing_cap` touches in any `window`; quiet from one minute of the mall's day until another."""

    marketing_cap: int
    window: timedelta
    quiet_from_minute: int
    quiet_until_minute: int

    @property
    def quiet_minutes(self) -> int:
        """How long it is quiet in each 24 hours."""
        return (self.quiet_until_minute - self.quiet_from_minute) % DAY_MINUTES


def is_sensible(policy: Policy) -> bool:
    """Whether a group may live by the policy.

    However it is set, no member gets more than one marketing message a day on average, and every day has loud hours.
    """
    minutes = (policy.quiet_from_minute, policy.quiet_until_minute)
    return (
        timedelta(hours=1) <= policy.window <= LONGEST_WINDOW
        and 0 <= policy.marketing_cap <= most_in(policy.window)
        and all(0 <= minute < DAY_MINUTES for minute in minutes)
        and policy.quiet_minutes <= MOST_QUIET_MINUTES
    )


def most_in(window: timedelta) -> int:
    """The highest cap for a window: one for every day of it that has begun."""
    return -(-window // timedelta(days=1))


def is_looser(policy: Policy, other: Policy) -> bool:
    """Whether the policy lets more marketing through than the other: more for the time, or with shorter quiet hours."""
    is_more = policy.marketing_cap * other.window > other.marketing_cap * policy.window
    return is_more or policy.quiet_minutes < other.quiet_minutes


def is_quiet(moment: datetime, policy: Policy) -> bool:
    """Whether the moment lies in the quiet hours; their end is loud, their beginning quiet."""
    local = clock.local(moment)
    minute, start, end = local.hour * 60 + local.minute, policy.quiet_from_minute, policy.quiet_until_minute
    return start <= minute < end if start <= end else minute >= start or minute < end


def next_loud(moment: datetime, policy: Policy) -> datetime:
    """The moment itself, or the end of the quiet hours it lies in."""
    if not is_quiet(moment, policy):
        return moment
    local = clock.local(moment)
    end = local.replace(
        hour=policy.quiet_until_minute // 60, minute=policy.quiet_until_minute % 60, second=0, microsecond=0
    )
    return (end if end > local else end + timedelta(days=1)).astimezone(moment.tzinfo)


def cap_free_at(touches: Sequence[datetime], *, now: datetime, policy: Policy) -> datetime | None:
    """From when one more marketing touch is allowed, given earlier ones: `now`, or when enough of them have aged.

    A touch exactly one window old no longer counts. None when the cap is zero.
    """
    if policy.marketing_cap == 0:
        return None
    counting = sorted(touch for touch in touches if touch > now - policy.window)
    if len(counting) < policy.marketing_cap:
        return now
    return counting[len(counting) - policy.marketing_cap] + policy.window
