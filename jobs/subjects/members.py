"""Jobs of what is concluded about members, why they stay away and whom they brought."""

from app.workers.invitations import settling
from app.workers.lifecycle import tag_runs
from app.workers.predictions import judging, predicting
from app.workers.segments import refreshing
from jobs.kit import Batch, daily, every
from jobs.tools import Tools

SEGMENTS = 10  # looked up in one batch
INVITATIONS = 200


def work_out_tags(tools: Tools) -> Batch:
    """Work out which tags every member bears by what they did up to the day that is over."""
    done = tag_runs.work_out_last_day()
    return Batch(0) if done is None else Batch(done.written, facts={"tags": done.tags, "removed": done.removed})


def predict_members(tools: Tools) -> Batch:
    """Fit who still comes, how often and for how much, and write what changed of each member."""
    done = predicting.predict_last_day()
    if done is None:
        return Batch(0)
    facts = {"removed": done.removed, "buying": done.fit.buying_obstacle, "amounts": done.fit.amounts_obstacle}
    return Batch(done.written, facts=facts)


def judge_silences(tools: Tools) -> Batch:
    """Find out why members stay away who have become silent, and forget it of those who came back."""
    done = judging.judge_silences()
    return Batch(done.judged, facts={"over": done.over})


def refresh_changed_segments(tools: Tools) -> Batch:
    """Look up who is in nightly segments that are new or mean something else."""
    return Batch.counted(refreshing.refresh_changed(limit=SEGMENTS), limit=SEGMENTS)


def refresh_segments(tools: Tools) -> Batch:
    """Look up who is in every nightly segment, once a day."""
    return Batch.counted(refreshing.refresh_all(limit=SEGMENTS), limit=SEGMENTS)


def settle_invitations(tools: Tools) -> Batch:
    """Look at friends who joined by invitation: whether they came, what looks made up, what their inviters get."""
    return Batch.counted(settling.settle_due(limit=INVITATIONS), limit=INVITATIONS)


JOBS = (
    every(60, settle_invitations),
    daily("04:25", work_out_tags, until_hour=10),
    daily("04:40", predict_members, until_hour=8),
    daily("04:50", judge_silences),
    every(60, refresh_changed_segments),
    daily("04:40", refresh_segments, until_hour=8),
)
