"""Rehearsing rules of earning: planned, then a range of members at a time, each in a transaction of its own."""

import logging
import time

from app.flows.points import rehearsing
from app.kernel import clock, outbox
from app.kernel.db import atomic, db
from app.kernel.outbox import Claim
from app.kernel.runs import leases
from app.points.rehearsals import rehearsals
from app.points.rehearsals.models import EarningRehearsal

logger = logging.getLogger(__name__)


def work_next(public_id: str | None = None) -> bool:
    """Plan or count one part of what is due, or of that one; False when there is nothing to do, or it did not work."""
    with atomic():
        claimed = rehearsals.claim_due(now=clock.now(), public_id=public_id)
        if claimed is None:
            return False
        claim = outbox.claim_of(claimed)
    try:
        with leases.renewed(rehearsals.REHEARSALS, claim), atomic():
            return _step(claim)
    except Exception as failure:
        logger.exception("rules were not rehearsed", extra={"rehearsal": claim.key[0]})
        with atomic():
            rehearsals.postpone(claim, error=type(failure).__name__, now=clock.now())
        return False


def _step(claim: Claim) -> bool:
    rehearsal = db.session.get_one(EarningRehearsal, claim.key[0])
    parts = rehearsals.parts_of(rehearsal)
    if parts is None:
        return rehearsals.plan(claim, rehearsing.plan(rehearsal), now=clock.now())
    part = rehearsals.next_part(rehearsal)
    result = rehearsing.count(rehearsal, part, now=clock.now())
    return rehearsals.keep(claim, result, part=part, parts=parts, now=clock.now())


def work_at_once(public_id: str, *, seconds: float) -> None:
    """Work one out for whoever waits, for about so long; the rest is left to the job."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and work_next(public_id):
        pass
    db.session.expire_all()
