"""Rehearsing ladders: a page of members at a time, each in a transaction of its own."""

import logging
import time

from app.kernel import clock, outbox
from app.kernel.db import atomic, db
from app.tiers.rehearsals import rehearsals

logger = logging.getLogger(__name__)


def work_next(public_id: str | None = None) -> bool:
    """Count one page of what is due, or of that one; False when there is nothing to do, or it did not work."""
    with atomic():
        claimed = rehearsals.claim_due(now=clock.now(), public_id=public_id)
        if claimed is None:
            return False
        claim, after = outbox.claim_of(claimed), claimed.reached_id
    try:
        with atomic():
            page = rehearsals.count_next(claimed, now=clock.now())
            return rehearsals.keep(claim, page, after=after, now=clock.now())
    except Exception as failure:
        logger.exception("a ladder was not rehearsed", extra={"rehearsal": claim.key[0]})
        with atomic():
            rehearsals.postpone(claim, error=type(failure).__name__, now=clock.now())
        return False


def work_at_once(public_id: str, *, seconds: float) -> None:
    """Work one out for whoever waits, for about so long; the rest is left to the job."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and work_next(public_id):
        pass
    db.session.expire_all()
