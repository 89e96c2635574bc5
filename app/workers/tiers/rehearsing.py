"""Rehearsing ladders: a page of members at a time."""

from app.flows.tiers import rehearsing
from app.kernel import clock
from app.kernel.outbox import Claim
from app.tiers.rehearsals import rehearsals
from app.tiers.rehearsals.models import TierRehearsal
from app.workers.inquiries.answering import Steps


def _take(rehearsal: TierRehearsal, claim: Claim) -> bool:
    page = rehearsing.count_next(rehearsal, now=clock.now())
    return rehearsals.keep(claim, rehearsal, page, now=clock.now())


STEPS = Steps(rehearsals.REHEARSALS, _take)
