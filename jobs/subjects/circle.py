"""Jobs of the business circle."""

from app.workers import circle
from jobs.kit import Batch, every
from jobs.tools import Tools

NOTICE_BATCH = 50


def take_in_circle_notices(tools: Tools) -> Batch:
    """Act on what WeChat Pay told of the business circle."""
    return Batch.told(circle.take_in_due_notices(limit=NOTICE_BATCH), limit=NOTICE_BATCH)


JOBS = (every(2, take_in_circle_notices),)
