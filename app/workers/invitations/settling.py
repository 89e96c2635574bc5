"""Looking at invitations that are due, each in a transaction of its own; one that fails costs the others nothing."""

import logging

from app.flows.invitations import settling
from app.invitations import invitations, queries
from app.kernel import clock
from app.kernel.db import atomic

logger = logging.getLogger(__name__)


def settle_due(*, limit: int) -> int:
    """Look at a batch of them; returns at how many. Any number of workers may run at once."""
    with atomic():
        due = queries.list_due(now=clock.now(), limit=limit)
    for inviter_id, member_id in due:
        _settle(inviter_id, member_id)
    return len(due)


def _settle(inviter_id: int, member_id: int) -> None:
    try:
        with atomic():
            settling.settle_invitation(inviter_id, member_id, now=clock.now())
    except Exception:
        logger.exception("invitation left for later", extra={"inviter_id": inviter_id, "member_id": member_id})
        with atomic():
            invitations.put_off(inviter_id, member_id, now=clock.now())
