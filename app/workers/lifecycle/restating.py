"""Working out what was asked about everybody's stages: a comparison at a time, and once for all malls that ask it."""

from app.kernel import clock
from app.kernel.db import take_long
from app.kernel.outbox import Claim
from app.lifecycle.restatements import counting, freshness, restatements
from app.lifecycle.restatements.models import Restatement
from app.lifecycle.restatements.restatements import Kind
from app.workers.inquiries.answering import Steps


def _take(restatement: Restatement, claim: Claim) -> bool:
    take_long()
    restatements.wait_for_equal(restatement)
    since = freshness.fresh_since(Kind(restatement.kind), restatement.asked_at)
    done = restatements.take_over(claim, restatement, since=since, now=clock.now())
    return _count(restatement, claim) if done is None else done


def _count(restatement: Restatement, claim: Claim) -> bool:
    moves = counting.count(restatements.next_comparison(restatement))
    return restatements.keep(claim, restatement, moves, now=clock.now())


STEPS = Steps(restatements.RESTATEMENTS, _take)
