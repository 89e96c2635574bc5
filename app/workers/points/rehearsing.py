"""Rehearsing rules of earning: planned, then a range of members at a time."""

from app.flows.points import rehearsing
from app.kernel import clock
from app.kernel.outbox import Claim
from app.points.rehearsals import rehearsals
from app.points.rehearsals.models import EarningRehearsal
from app.workers.inquiries.answering import Steps


def _take(rehearsal: EarningRehearsal, claim: Claim) -> bool:
    parts = rehearsals.parts_of(rehearsal)
    if parts is None:
        return rehearsals.plan(claim, rehearsing.plan(rehearsal), now=clock.now())
    part = rehearsals.next_part(rehearsal)
    result = rehearsing.count(rehearsal, part, now=clock.now())
    return rehearsals.keep(claim, result, part=part, parts=parts, now=clock.now())


STEPS = Steps(rehearsals.REHEARSALS, _take)
