"""Jobs of upkeep."""

from app.workers import upkeep
from jobs.kit import Batch, daily
from jobs.tools import Tools


def sweep(tools: Tools) -> Batch:
    """Forget what has served its time: kept answers, counted attempts, nonces, used codes, old runs."""
    swept = upkeep.sweep()
    return Batch(sum(swept.values()), facts=swept)


JOBS = (daily("04:00", sweep),)
