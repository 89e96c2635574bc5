"""Comparing whoever is new or has changed, and merging pairs that are certain, each in a transaction of its own."""

import logging

from app.flows.members import duplicates
from app.identity.duplicates import finding, pairs
from app.identity.duplicates.models import Outcome
from app.identity.duplicates.pairs import Pair
from app.identity.errors import MergeHeldUp
from app.kernel import clock
from app.kernel.db import atomic

logger = logging.getLogger(__name__)

BATCH = 500
# Batches in one run of the job: after an import the queue is long, and the next run goes on.
MOST_BATCHES = 40


def search() -> int:
    """Queue who has changed, and compare them with all others; returns how many were compared."""
    with atomic():
        finding.gather(now=clock.now())
    compared = 0
    for _ in range(MOST_BATCHES):
        with atomic():
            taken = finding.compare(now=clock.now(), limit=BATCH)
        compared += taken
        if taken < BATCH:
            break
    return compared


def merge_certain(*, limit: int) -> int:
    """Merge pairs that are certain; what is held up by a payment is tried again later. Returns how many were tried."""
    waiting = pairs.list_waiting(Outcome.CERTAIN, limit=limit)
    for pair in waiting:
        _merge(pair)
    return len(waiting)


def _merge(pair: Pair) -> None:
    now = clock.now()
    try:
        with atomic():
            duplicates.merge_certain(pair, now=now)
    except MergeHeldUp:
        logger.info("merge held up", extra={"one_id": pair[0], "other_id": pair[1]})
        with atomic():
            pairs.put_off(pair, now=now)
