"""Points run out or are owed again, one member at a time; the nightly proof that accounts, entries and lots agree."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from app.flows import debts
from app.former import memory
from app.kernel import clock
from app.kernel.db import atomic
from app.points.ledger import ledger, queries

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many members it was about in the batch, and how many points they lost."""

    members: int
    points: int


def expire_overdue_lots(*, limit: int) -> Taken:
    """Let lots run out whose last day is over; one batch of members, each in a transaction of their own."""
    now = clock.now()
    with atomic():
        member_ids = queries.list_members_with_overdue_lots(today=clock.business_date(now), limit=limit)
    points = 0
    for member_id in member_ids:
        with atomic():
            points += ledger.expire(member_id, now=now)
    return Taken(members=len(member_ids), points=points)


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


def prove_accounts() -> Sequence[int]:
    """The members whose points account disagrees with its entries or its lots; reported, never repaired."""
    with atomic():
        member_ids = [found.member_id for found in queries.list_disagreements()]
    for member_id in member_ids:
        logger.error("points account disagrees with its ledger", extra={"member_id": member_id})
    return member_ids
