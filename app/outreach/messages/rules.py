"""When a message may go: pure rules over moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.outreach.messages.kinds import MessageKind
from app.outreach.messages.models import Reason
from app.outreach.touch_rules.rules import Policy, cap_free_at, next_loud


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now, for this reason; `until` is the next chance, None when there is none at all."""

    reason: Reason
    until: datetime | None


def first_chance(kind: MessageKind, *, due_at: datetime, policy: Policy) -> datetime:
    """When a message of the kind may go at the earliest, for its hours alone."""
    return next_loud(due_at, policy) if kind.waits else due_at


def obstacle(
    kind: MessageKind, *, touches: Sequence[datetime], now: datetime, send_until: datetime, policy: Policy
) -> Wait | None:
    """What keeps the message from going now: None, or the reason with the next chance."""
    if now >= send_until:
        return Wait(Reason.TOO_LATE, None)
    loud = first_chance(kind, due_at=now, policy=policy)
    if loud > now:
        return Wait(Reason.QUIET_HOURS, loud)
    if not kind.is_marketing:
        return None
    free_at = cap_free_at(touches, now=now, policy=policy)
    if free_at == now:
        return None
    return Wait(Reason.WEEKLY_CAP, free_at and first_chance(kind, due_at=free_at, policy=policy))
