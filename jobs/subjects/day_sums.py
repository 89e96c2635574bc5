"""Jobs of what pages count by day."""

from app.workers import summing
from jobs.kit import Batch, daily, every
from jobs.tools import Tools

BATCH = 50


def sum_days(tools: Tools) -> Batch:
    """Sum what pages count by day: days that are over, and those that changed afterwards."""
    return Batch(*summing.sum_days(limit=BATCH))


def prove_day_sums(tools: Tools) -> Batch:
    """Compare every sum by day with its rows, and mend what disagrees; right is none."""
    mended = summing.prove_sums()
    return Batch(len(mended), facts={"mended": mended[:100]})


JOBS = (
    every(20, sum_days),
    daily("03:20", prove_day_sums),
)
