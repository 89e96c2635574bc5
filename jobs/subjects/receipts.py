"""Jobs of receipts."""

from app.workers import receipts
from app.workers.circle import notices
from app.workers.photos import reading
from jobs.kit import Batch, every
from jobs.tools import Tools

NAMED_BATCH = 200
CLAIMS_BATCH = 1_000
NOTICE_BATCH = 20
TOTALS_BATCH = 2_000
PHOTOS_BATCH = 4


def record_named_receipts(tools: Tools) -> Batch:
    """Record receipts that waited for their store to be named, one at a time."""
    recorded = receipts.record_of_named_stores(limit=NAMED_BATCH)
    return Batch(recorded, more=recorded == NAMED_BATCH)


def match_claims(tools: Tools) -> Batch:
    """Approve claims whose receipt a till has sent meanwhile."""
    return Batch(receipts.match_claims(limit=CLAIMS_BATCH))


def compare_till_totals(tools: Tools) -> Batch:
    """Compare the totals of tills with the receipts that came, and ask about what differs."""
    return Batch(receipts.compare_totals(limit=TOTALS_BATCH))


def read_receipt_photos(tools: Tools) -> Batch:
    """Read photographed receipts by program, where it is installed, and propose to people what stands on them."""
    read = reading.read_photos(limit=PHOTOS_BATCH)
    return Batch(read, more=read == PHOTOS_BATCH)


def take_in_circle_notices(tools: Tools) -> Batch:
    """Act on what WeChat Pay told of the business circle, and tell it what payments earned."""
    return Batch.told(notices.take_in_due_notices(tools.gateway.pay, limit=NOTICE_BATCH), limit=NOTICE_BATCH)


JOBS = (
    every(20, record_named_receipts),
    every(300, match_claims),
    every(10, read_receipt_photos),
    every(3600, compare_till_totals),
    every(2, take_in_circle_notices),
)
