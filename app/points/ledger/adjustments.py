"""Points that a person gives or takes, with a reason."""

from datetime import datetime

from app.kernel.facts import Fact
from app.kernel.reasons import Reason
from app.points.ledger import ledger
from app.points.ledger.models import EntryKind, PointsEntry


def adjust(
    member_id: int, *, points: int, reason: Reason, fact: Fact, now: datetime, mall_id: int | None
) -> PointsEntry:
    """Give (> 0) or take (< 0) points because a person decided so, once per fact. Raises InsufficientPoints."""
    move = ledger.accrue if points > 0 else ledger.redeem
    return move(
        member_id, points=abs(points), reason=reason, fact=fact, now=now, mall_id=mall_id, kind=EntryKind.ADJUST
    )
