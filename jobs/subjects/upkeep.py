"""Jobs of upkeep."""

from app.workers import upkeep
from jobs.kit import Batch, daily, every
from jobs.tools import Tools

BATCH = 500


def sweep(tools: Tools) -> Batch:
    """Forget what has served its time: kept answers, counted attempts, nonces, used codes, old runs."""
    swept = upkeep.sweep()
    return Batch(sum(swept.values()), facts=swept)


def keep_behaviour_months(tools: Tools) -> Batch:
    """Make the coming months of the mini-program's events and drop those that were kept long enough."""
    made, dropped = upkeep.make_months(), upkeep.drop_months(kept=tools.settings.behaviour_months)
    return Batch(dropped, facts={"made": made, "dropped": dropped})


def index_names(tools: Tools) -> Batch:
    """Let names be found that were kept before there was an index for them."""
    return Batch.counted(upkeep.index_names(limit=BATCH), limit=BATCH)


JOBS = (
    every(600, index_names),
    daily("04:00", sweep),
    daily("03:40", keep_behaviour_months, until_hour=6),
)
