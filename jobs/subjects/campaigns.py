"""Jobs of campaigns."""

from app.workers import upkeep
from jobs.kit import Batch, every
from jobs.tools import Tools

BATCH = 50


def take_over_campaign_revisions(tools: Tools) -> Batch:
    """Let planned changes of campaigns hold whose moment has come."""
    return Batch.counted(upkeep.take_over_revisions(limit=BATCH), limit=BATCH)


JOBS = (every(1, take_over_campaign_revisions),)
