"""Jobs of segments."""

from app.workers.segments import refreshing
from jobs.kit import Batch, daily, every
from jobs.tools import Tools

BATCH = 10


def refresh_changed_segments(tools: Tools) -> Batch:
    """Look up who is in nightly segments that are new or mean something else."""
    return Batch.counted(refreshing.refresh_changed(limit=BATCH), limit=BATCH)


def refresh_segments(tools: Tools) -> Batch:
    """Look up who is in every nightly segment, once a day."""
    return Batch.counted(refreshing.refresh_all(limit=BATCH), limit=BATCH)


JOBS = (
    every(60, refresh_changed_segments),
    daily("04:40", refresh_segments, until_hour=8),
)
