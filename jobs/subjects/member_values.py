"""Jobs of what members bring and take."""

from app.workers.lifecycle import member_values
from jobs.kit import Batch, daily
from jobs.tools import Tools


def count_member_values(tools: Tools) -> Batch:
    """Count what every member brought and cost on the days that are over: commission, benefits, messages, stays."""
    done = member_values.count_days()
    return Batch(done.rows, more=done.more, facts={"days": done.days})


# Before the night of the stages, which may ask for it.
JOBS = (daily("03:50", count_member_values, until_hour=10),)
