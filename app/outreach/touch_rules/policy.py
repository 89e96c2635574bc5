"""The touch policy in force: data with effective dates; the code holds the defaults."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.kernel import versions
from app.outreach.touch_rules import rules
from app.outreach.touch_rules.errors import InvalidPolicy, PolicyConflict, PolicyInForce
from app.outreach.touch_rules.models import OutreachPolicy
from app.outreach.touch_rules.rules import Policy

DEFAULT = Policy(marketing_cap=2, window=timedelta(days=7), quiet_from_minute=21 * 60, quiet_until_minute=9 * 60)


def at(moment: datetime) -> Policy:
    """The policy in force at the moment."""
    row = find_version(moment)
    return DEFAULT if row is None else to_policy(row)


def find_version(moment: datetime) -> OutreachPolicy | None:
    """The version in force at the moment; None as long as the default holds."""
    return versions.find_at(OutreachPolicy, at=moment)


def list_versions(*, limit: int = 100) -> Sequence[OutreachPolicy]:
    """Every version there was and will be, the latest first."""
    return versions.list_versions(OutreachPolicy, limit=limit)


def to_policy(row: OutreachPolicy) -> Policy:
    """The numbers of a version, for the rules."""
    return Policy(
        marketing_cap=row.marketing_cap,
        window=timedelta(hours=row.window_hours),
        quiet_from_minute=row.quiet_from_minute,
        quiet_until_minute=row.quiet_until_minute,
    )


def publish(policy: Policy, *, effective_from: datetime, by: str, now: datetime) -> OutreachPolicy:
    """Put a policy in force from a moment that is not past; history stays as it was. The same again is known.

    Raises InvalidPolicy, and PolicyConflict when another one starts at that moment.
    """
    if effective_from < now or not rules.is_sensible(policy):
        raise InvalidPolicy
    version = OutreachPolicy(
        effective_from=effective_from,
        marketing_cap=policy.marketing_cap,
        window_hours=policy.window // timedelta(hours=1),
        quiet_from_minute=policy.quiet_from_minute,
        quiet_until_minute=policy.quiet_until_minute,
        created_at=now,
        created_by=by,
    )
    return versions.publish_once(version, taken=PolicyConflict(effective_from=effective_from))


def withdraw(version_id: int, *, now: datetime) -> OutreachPolicy:
    """Take back a policy that is not in force yet, as if it had never been published; returns what it said.

    Raises PolicyInForce.
    """
    return versions.withdraw(OutreachPolicy, version_id, after=now, begun=PolicyInForce())
