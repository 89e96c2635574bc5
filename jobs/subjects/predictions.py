"""Jobs of predictions."""

from app.workers.predictions import judging, predicting
from jobs.kit import Batch, daily
from jobs.tools import Tools


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


JOBS = (
    daily("04:40", predict_members, until_hour=8),
    daily("04:50", judge_silences),
)
