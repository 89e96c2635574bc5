"""Points that move without the ledger's verbs, for tests of what its locks are good for; and how long they are good."""

from datetime import date

from app.kernel import clock
from app.kernel.db import db
from app.kernel.reasons import note
from app.points.expiry.models import ExpiryPolicy
from app.points.expiry.rules import Policy
from app.points.ledger.models import EntryKind, PointsAccount, PointsEntry


def take_unguarded(account: PointsAccount, points: int, *, kind: EntryKind, fact: str) -> None:
    """Take points as code without our guards would: from the balance as it was read, with no lock and no question."""
    account.available_points -= points
    reason = note("测试")
    entry = PointsEntry(
        member_id=account.member_id,
        kind=kind.value,
        points=-points,
        balance_after=account.available_points + account.held_points - account.debt_points,
        reason_code=reason.code,
        reason_facts=dict(reason.facts),
        fact=fact,
        occurred_at=clock.now(),
    )
    db.session.add(entry)
    db.session.flush()


def set_expiry(policy: Policy, first_day: date) -> ExpiryPolicy:
    """A policy of expiry that holds from a day on, which may be over."""
    version = ExpiryPolicy(
        effective_from=first_day,
        until=policy.until.value,
        months=policy.months,
        grace_days=policy.grace_days,
        notice_days=policy.notice_days,
        created_at=clock.now(),
        created_by="测试",
    )
    db.session.add(version)
    db.session.flush()
    return version
