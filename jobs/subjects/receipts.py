"""Jobs of receipts."""

from app.workers import receipts
from jobs.kit import Batch, every
from jobs.tools import Tools

NAMED_BATCH = 200


def record_named_receipts(tools: Tools) -> Batch:
    """Record receipts that waited for their store to be named, one at a time."""
    recorded = receipts.record_of_named_stores(limit=NAMED_BATCH)
    return Batch(recorded, more=recorded == NAMED_BATCH)


JOBS = (every(20, record_named_receipts),)
