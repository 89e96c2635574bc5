"""What a member owes in points: somebody of the mall forgives it, or more of it comes from before they left once."""

from datetime import datetime

from app.flows.consequences import favours, returning
from app.identity import facts, queries
from app.kernel.reasons import Reason
from app.kernel.security import codes
from app.points.ledger import ledger
from app.points.ledger.errors import NothingOwed

_FORGIVEN = Reason("debt_forgiven")  # by which the proof tells it: `ways.FORGIVEN`


def forgive_debt(member_id: int, *, points: int, staff_id: int, now: datetime) -> int:
    """Forgive so many of the points the member owes, or all when they owe less; returns how many.

    Raises OwnMembership, and NothingOwed, for instance when a colleague was first.
    """
    member = queries.lock_member(member_id)
    favours.ensure_anothers(member, staff_id=staff_id)
    fact = facts.forgiven(codes.new_public_id())
    forgiven = ledger.forgive(member.id, most=points, reason=_FORGIVEN, fact=fact, now=now)
    if not forgiven:
        raise NothingOwed
    return forgiven


def collect_debt(member_id: int, former_id: str, *, now: datetime) -> int:
    """Let the member owe what was refunded, after they came back, of what they had bought before they left.

    Returns how many points; 0 when it was done, or when they have left again.
    """
    return returning.collect(member_id, former_id, now=now)
