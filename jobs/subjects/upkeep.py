"""Jobs of upkeep."""

from app.workers import upkeep
from jobs.kit import Batch, daily
from jobs.tools import Tools


def sweep(tools: Tools) -> Batch:
    """Forget what has served its time: kept answers, counted attempts, nonces, used codes, old runs."""
    swept = upkeep.sweep()
    return Batch(sum(swept.values()), facts=swept)


def keep_behaviour_months(tools: Tools) -> Batch:
    """Make the coming months of the mini-program's events and drop those that were kept long enough."""
    made, dropped = upkeep.make_months(), upkeep.drop_months(kept=tools.settings.behaviour_months)
    return Batch(dropped, facts={"made": made, "dropped": dropped})


JOBS = (
    daily("04:00", sweep),
    daily("03:40", keep_behaviour_months, until_hour=6),
)
