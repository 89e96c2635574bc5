"""Points run out, one member at a time; and the nightly proof that accounts, entries and lots agree."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from app.kernel import clock
from app.kernel.db import atomic
from app.points.ledger import ledger, queries

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Expired:
    """How many members had overdue lots in the batch, and how many points ran out."""

    members: int
    points: int


def expire_overdue_lots(*, limit: int) -> Expired:
    """Let lots run out whose last day is over; one batch of members, each in a transaction of their own."""
    now = clock.now()
    with atomic():
        member_ids = queries.list_members_with_overdue_lots(today=clock.business_date(now), limit=limit)
    points = 0
    for member_id in member_ids:
        with atomic():
            points += ledger.expire(member_id, now=now)
    return Expired(members=len(member_ids), points=points)


def prove_accounts() -> Sequence[int]:
    """The members whose points account disagrees with its entries or its lots; reported, never repaired."""
    with atomic():
        member_ids = [found.member_id for found in queries.list_disagreements()]
    for member_id in member_ids:
        logger.error("points account disagrees with its ledger", extra={"member_id": member_id})
    return member_ids
