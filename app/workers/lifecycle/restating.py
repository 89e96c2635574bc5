"""Working out what was asked about everybody's stages: a comparison at a time."""

from app.kernel import clock
from app.kernel.outbox import Claim
from app.lifecycle.restatements import counting, restatements
from app.lifecycle.restatements.models import Restatement
from app.workers.inquiries.answering import Steps


def _take(restatement: Restatement, claim: Claim) -> bool:
    moves = counting.count(restatements.next_comparison(restatement))
    return restatements.keep(claim, restatement, moves, now=clock.now())


STEPS = Steps(restatements.RESTATEMENTS, _take)
