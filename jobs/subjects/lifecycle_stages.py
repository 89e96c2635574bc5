"""Jobs of stages and activity, of what members bring, and of the figures of months that rest on them."""

from app.kernel import clock
from app.workers.inquiries import answering
from app.workers.lifecycle import member_values, monthly, night_runs, restating
from jobs.beside import open_beside
from jobs.kit import Batch, daily, every
from jobs.tools import Tools

MOST_MONTHS = 3


def count_member_values(tools: Tools) -> Batch:
    """Count what every member brought and cost on the days that are over: commission, benefits, messages, stays."""
    done = member_values.count_days()
    return Batch(done.rows, more=done.more, facts={"days": done.days})


def work_out_stages(tools: Tools) -> Batch:
    """Work out where every member stood on the days that are over, and what changed."""
    done = night_runs.run_nights(now=clock.now(), beside=open_beside)
    return Batch(sum(night.changes for night in done), facts={"nights": len(done)})


def restate_stages(tools: Tools) -> Batch:
    """Work out what was asked about past stages or other rules, one date at a time."""
    return Batch.counted(int(answering.work_next(restating.STEPS)), limit=1)


def count_months(tools: Tools) -> Batch:
    """Count the stages' measures, moves against targets and cohorts of the months that a night has changed."""
    return Batch.counted(monthly.count_months(limit=MOST_MONTHS), limit=MOST_MONTHS)


# The night comes after the tills' uploads, which tell of the day that is over, and may ask what members bring.
JOBS = (
    daily("03:50", count_member_values, until_hour=10),
    daily("04:10", work_out_stages, until_hour=10),
    every(3, restate_stages),
    every(60, count_months),
)
