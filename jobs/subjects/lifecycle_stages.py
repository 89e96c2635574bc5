"""Jobs of stages and activity."""

from app.kernel import clock
from app.workers.lifecycle import night_runs
from jobs.kit import Batch, daily
from jobs.tools import Tools


def work_out_stages(tools: Tools) -> Batch:
    """Work out where every member stood on the days that are over, and what changed."""
    done = night_runs.run_nights(now=clock.now())
    return Batch(sum(night.changes for night in done), facts={"nights": len(done)})


# After the tills' uploads of the night, which tell of the day that is over.
JOBS = (daily("04:10", work_out_stages, until_hour=10),)
