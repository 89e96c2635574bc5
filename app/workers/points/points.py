"""Points run out, are free again or are owed again, one member at a time; the nightly proof that all of it adds up."""

import logging
from dataclasses import dataclass

from app.flows.points import debts, till_points
from app.former import memory
from app.kernel import clock
from app.kernel.db import atomic, one_moment
from app.kernel.distribution import database
from app.points.ledger import hold_queries, holds, ledger, queries
from app.points.ledger.many import expiring
from app.points.notices import notices
from app.points.proof import proofs
from app.points.proof.proofs import Proof
from app.points.till import queries as till_queries

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many members it was about in the batch, and how many points they lost."""

    members: int
    points: int


def expire_overdue_lots(*, limit: int) -> Taken:
    """Let lots run out whose last day is over; one batch of members, in one transaction.

    On a distributed database each member in one of their own. Several at once take different members.
    """
    now = clock.now()
    if not database.is_distributed():
        with atomic():
            expired = expiring.expire_overdue(most_lots=limit, now=now)
        return Taken(members=expired.members, points=expired.points)
    with atomic():
        member_ids = queries.list_members_with_overdue_lots(today=clock.business_date(now), limit=limit)
    points = 0
    for member_id in member_ids:
        with atomic():
            points += ledger.expire(member_id, now=now)
    return Taken(members=len(member_ids), points=points)


def release_overdue_holds(*, limit: int) -> int:
    """Give back points that are held past their time; one batch of members, each in a transaction of their own.

    Returns how many holds that were. Twice at once: the second finds the account's holds ended.
    """
    now = clock.now()
    with atomic():
        member_ids = hold_queries.list_members_with_overdue_holds(now=now, limit=limit)
    released = 0
    for member_id in member_ids:
        with atomic():
            released += holds.release_overdue(member_id, now=now)
    return released


def write_off_payments(*, limit: int) -> int:
    """Let go of payments at tills that nobody confirmed in time; returns how many were looked at.

    Each is let go in a transaction of its own.
    """
    now = clock.now()
    with atomic():
        overdue = [(one.public_id, one.member_id) for one in till_queries.list_overdue(now=now, limit=limit)]
    for public_id, member_id in overdue:
        with atomic():
            till_points.write_off_payment(till_queries.find_of_member(public_id, member_id=member_id), now=now)
    return len(overdue)


def note_expiring() -> int:
    """Note ahead what runs out for whom, and drop what does not any more; returns how many notices changed."""
    now = clock.now()
    with atomic():
        last = notices.last_member_id()
    changed = 0
    for first in range(1, last + 1, notices.SPAN):
        with atomic():
            changed += notices.drop_void(first) + notices.note_due(first, now=now)
    return changed


def collect_debts(*, limit: int) -> Taken:
    """Let those who came back owe what was refunded of before they left; returns how many and for how many points."""
    now = clock.now()
    with atomic():
        owing = memory.list_owing(limit=limit)
    points = 0
    for former_id, member_id in owing:
        with atomic():
            points += debts.collect_debt(member_id, former_id, now=now)
    return Taken(members=len(owing), points=points)


def prove_accounts() -> Proof:
    """Prove every account and the whole at one moment, keep it as today's; reported, never repaired."""
    now = clock.now()
    with one_moment():
        found = proofs.read()
    with atomic():
        proofs.keep(found, day=clock.business_date(now), now=now)
    for member_id in found.member_ids:
        logger.error("points account disagrees with its ledger", extra={"member_id": member_id})
    return found
