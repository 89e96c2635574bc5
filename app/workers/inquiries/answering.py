"""Answering inquiries a step at a time, each in a transaction of its own: by the jobs, or for whoever waits."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

from app.kernel import clock, outbox
from app.kernel.db import atomic, db
from app.kernel.outbox import Claim, Queue
from app.kernel.runs import inquiries, leases
from app.kernel.runs.inquiries import Row

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Steps(Generic[Row]):
    """How the inquiries of a table are answered.

    `take` finds out the next of one that is claimed and keeps it; False when another worker was quicker.
    """

    queue: Queue[Row]
    take: Callable[[Row, Claim], bool]


def work_next(steps: Steps[Row], public_id: str | None = None) -> bool:
    """Take a step of what is due, or of that one; False when there is nothing to do, or it did not work."""
    with atomic():
        claimed = inquiries.claim_due(steps.queue, now=clock.now(), public_id=public_id)
        if claimed is None:
            return False
        claim = outbox.claim_of(claimed)
    try:
        with leases.renewed(steps.queue, claim), atomic():
            return steps.take(db.session.get_one(steps.queue.model, claim.key), claim)
    except Exception as failure:
        logger.exception("an inquiry was not answered", extra={"queue": steps.queue.model.__name__, "key": claim.key})
        with atomic():
            outbox.postpone(steps.queue, claim, error=type(failure).__name__, now=clock.now())
        return False


def work_at_once(steps: Steps[Row], public_id: str, *, seconds: float) -> None:
    """Answer one for whoever waits, for about so long; the rest is left to the job."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and work_next(steps, public_id):
        pass
    db.session.expire_all()
