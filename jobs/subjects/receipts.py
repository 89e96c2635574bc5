"""Jobs of receipts."""

from app.workers import receipts
from app.workers.circle import authorisations, notices, parkings
from app.workers.photos import reading
from jobs.kit import Batch, every
from jobs.tools import Tools

NAMED_BATCH = 200
CLAIMS_BATCH = 1_000
NOTICE_BATCH = 20
CHECKED_BATCH = 50
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


def tell_circle_parkings(tools: Tools) -> Batch:
    """Tell WeChat Pay of cars of members who authorised the business circle."""
    told = parkings.tell_due_parkings(tools.gateway.circle, limit=NOTICE_BATCH)
    return Batch.counted(told, limit=NOTICE_BATCH)


def check_circle_authorisations(tools: Tools) -> Batch:
    """Ask WeChat Pay whether members still authorise the business circle, about each once a week."""
    asked = authorisations.check_old(tools.gateway.circle, limit=CHECKED_BATCH)
    return Batch.counted(asked, limit=CHECKED_BATCH)


JOBS = (
    every(20, record_named_receipts),
    every(300, match_claims),
    every(10, read_receipt_photos),
    every(3600, compare_till_totals),
    every(2, take_in_circle_notices),
    every(2, tell_circle_parkings),
    every(3600, check_circle_authorisations),
)
