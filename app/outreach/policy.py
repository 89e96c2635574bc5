"""The touch policy in force: data with effective dates; the code holds the defaults."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.kernel.db import db
from app.outreach.errors import InvalidPolicy
from app.outreach.models import OutreachPolicy
from app.outreach.rules import Policy

DEFAULT = Policy(marketing_cap=2, window=timedelta(days=7), quiet_from_minute=21 * 60, quiet_until_minute=9 * 60)


def at(moment: datetime) -> Policy:
    """The policy in force at the moment."""
    row = db.session.scalar(
        select(OutreachPolicy)
        .where(OutreachPolicy.effective_from <= moment)
        .order_by(OutreachPolicy.effective_from.desc())
        .limit(1)
    )
    if row is None:
        return DEFAULT
    return Policy(
        marketing_cap=row.marketing_cap,
        window=timedelta(hours=row.window_hours),
        quiet_from_minute=row.quiet_from_minute,
        quiet_until_minute=row.quiet_until_minute,
    )


def publish(policy: Policy, *, effective_from: datetime, by: str, now: datetime) -> OutreachPolicy:
    """Put a policy in force from a moment that is not past; raises InvalidPolicy. History stays as it was."""
    if effective_from < now or policy.marketing_cap < 0 or policy.window < timedelta(hours=1):
        raise InvalidPolicy
    if not all(0 <= minute < 24 * 60 for minute in (policy.quiet_from_minute, policy.quiet_until_minute)):
        raise InvalidPolicy
    row = OutreachPolicy(
        effective_from=effective_from,
        marketing_cap=policy.marketing_cap,
        window_hours=policy.window // timedelta(hours=1),
        quiet_from_minute=policy.quiet_from_minute,
        quiet_until_minute=policy.quiet_until_minute,
        created_at=now,
        created_by=by,
    )
    db.session.add(row)
    db.session.flush()
    return row
