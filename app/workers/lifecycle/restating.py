"""Working out what was asked about everybody's stages: a comparison at a time, each in a transaction of its own."""

import logging
import time

from app.kernel import clock, outbox
from app.kernel.db import atomic, db
from app.kernel.runs import leases
from app.lifecycle.restatements import counting, restatements

logger = logging.getLogger(__name__)


def work_next(public_id: str | None = None) -> bool:
    """Count one comparison of what is due, or of that one; False when there is nothing to do, or it did not work."""
    with atomic():
        claimed = restatements.claim_due(now=clock.now(), public_id=public_id)
        if claimed is None:
            return False
        claim, number = outbox.claim_of(claimed), len(claimed.answers)
        comparison = restatements.next_comparison(claimed)
    try:
        with leases.renewed(restatements.RESTATEMENTS, claim), atomic():
            moves = counting.count(comparison)
            return restatements.keep(claim, moves, number=number, now=clock.now())
    except Exception as failure:
        logger.exception("stages were not restated", extra={"restatement": claim.key[0]})
        with atomic():
            restatements.postpone(claim, error=type(failure).__name__, now=clock.now())
        return False


def work_at_once(public_id: str, *, seconds: float) -> None:
    """Work one out for whoever waits, for about so long; the rest is left to the job."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and work_next(public_id):
        pass
    db.session.expire_all()
