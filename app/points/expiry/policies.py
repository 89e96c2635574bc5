"""The policy by day: data with first days; before the first one the default holds."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date, datetime

from app.kernel import clock, versions
from app.points.expiry import rules
from app.points.expiry.errors import ExpiryConflict, ExpiryInForce, ExpiryOutOfRange, ExpiryTooEarly
from app.points.expiry.models import ExpiryPolicy, Until
from app.points.expiry.rules import Policy

_LATEST = versions.Latest(ExpiryPolicy)


def in_force(day: date) -> Policy:
    """The policy of a day."""
    return to_policy(_LATEST.find(at=day))


def at(now: datetime) -> Policy:
    """The policy of the day of a moment."""
    return in_force(clock.business_date(now))


def load() -> Callable[[date], Policy]:
    """The policy of any day, read once for many."""
    found = sorted(versions.list_versions(ExpiryPolicy), key=lambda one: one.effective_from)
    starts, policies = [one.effective_from for one in found], [rules.DEFAULT, *map(to_policy, found)]
    return lambda day: policies[bisect_right(starts, day)]


def end_of() -> Callable[[date], date | None]:
    """The last day of what is earned on any day, None for what never runs out; read once for many."""
    policy_of = load()
    return lambda day: policy_of(day).end_of(day)


def to_policy(version: ExpiryPolicy | None) -> Policy:
    """What a version says, and the default for none."""
    if version is None:
        return rules.DEFAULT
    return Policy(Until(version.until), version.months, version.grace_days, version.notice_days)


def find_coming(*, today: date) -> ExpiryPolicy | None:
    """The next change that is published and yet to begin."""
    return versions.find_next(ExpiryPolicy, after=today)


def list_versions(*, limit: int = 100) -> Sequence[ExpiryPolicy]:
    """Every version there was and will be, the latest first."""
    return versions.list_versions(ExpiryPolicy, limit=limit)


def publish(policy: Policy, *, effective_from: date, by: str, now: datetime) -> ExpiryPolicy:
    """Let a policy hold from a day on that is yet to begin; the same again changes nothing.

    Points earned before keep their last day. Raises ExpiryOutOfRange, ExpiryTooEarly and ExpiryConflict.
    """
    _ensure_sound(policy)
    if effective_from <= clock.business_date(now):
        raise ExpiryTooEarly
    version = ExpiryPolicy(
        effective_from=effective_from,
        until=policy.until.value,
        months=policy.months,
        grace_days=policy.grace_days,
        notice_days=policy.notice_days,
        created_at=now,
        created_by=by,
    )
    conflict = ExpiryConflict(effective_from=effective_from)
    return versions.publish_once(version, taken=conflict)


def _ensure_sound(policy: Policy) -> None:
    months = policy.months
    is_sound = (
        (months is not None) == (policy.until is Until.MONTHS)
        and (months is None or rules.LEAST_MONTHS <= months <= rules.MOST_MONTHS)
        and 0 <= policy.grace_days <= rules.MOST_GRACE_DAYS
        and rules.LEAST_NOTICE_DAYS <= policy.notice_days <= rules.MOST_NOTICE_DAYS
    )
    if not is_sound:
        raise ExpiryOutOfRange


def withdraw(version_id: int, *, now: datetime) -> ExpiryPolicy:
    """Take back a policy that is yet to begin, as if it had never been published. Raises ExpiryInForce."""
    return versions.withdraw(ExpiryPolicy, version_id, after=clock.business_date(now), begun=ExpiryInForce())
