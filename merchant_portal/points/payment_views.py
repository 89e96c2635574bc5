"""Points as a till shows them: what a member has, what it is worth, how a payment stands."""

from datetime import datetime
from typing import Any

from app.identity import queries as members
from app.kernel import clock
from app.points.ledger import queries as points_queries
from app.points.till import rules, till_rules, wording
from app.points.till.models import PaymentStatus, PointsPayment
from app.points.worth import factors


def purse(member_id: int, *, mall_id: int) -> dict[str, Any]:
    """What the member could pay with now: points, what they buy, and up to how many no phone is asked."""
    now = clock.now()
    member = members.get_member(member_id)
    terms = till_rules.in_force(mall_id, clock.business_date(now))
    return {
        "member": member.public_id,
        "available": max(points_queries.get_balance(member.id, now=now).available_points, 0),
        "factor_bps": factors.at(now),
        "code_limit": terms.code_limit_points,
        "wait_minutes": terms.wait_minutes,
    }


def payment(value: PointsPayment, *, now: datetime) -> dict[str, Any]:
    """How a payment stands at a moment."""
    status = rules.status_at(value, now)
    undo_until = rules.undo_until(value)
    why = value.released_why or ("timed_out" if status is PaymentStatus.RELEASED else None)
    return {
        "id": value.public_id,
        "status": status.value,
        "why": None if why is None else wording.RELEASED[why],
        "points": value.points,
        "worth_fen": value.worth_fen,
        "created_at": value.created_at.isoformat(),
        "confirm_by": value.confirm_by.isoformat(),
        "paid_at": None if value.paid_at is None else value.paid_at.isoformat(),
        "reversed_at": None if value.reversed_at is None else value.reversed_at.isoformat(),
        "undo_until": undo_until.isoformat() if undo_until and now <= undo_until else None,
    }
