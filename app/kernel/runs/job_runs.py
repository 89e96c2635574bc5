"""The log of jobs: what ran, for how long, and how it ended."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from app.kernel.db import db
from app.kernel.models import JobRun

KEPT = timedelta(days=60)
# Whoever is at a run says so every few seconds, or with each batch where it was begun by hand.
LOST_AFTER = timedelta(minutes=10)
LONGEST = timedelta(days=1)


def begin(job: str, *, worker: str, now: datetime) -> int:
    """Note that a job has started; returns the run's id."""
    run = JobRun(job=job, worker=worker, started_at=now, seen_at=now, facts={})
    db.session.add(run)
    db.session.flush()
    return run.id


def be_seen(worker: str, *, now: datetime) -> None:
    """A worker is still at its runs."""
    mine = JobRun.worker == worker, JobRun.finished_at.is_(None), JobRun.started_at > now - LONGEST
    db.session.execute(update(JobRun).where(*mine).values(seen_at=now))


def finish(run_id: int, *, outcome: str, facts: Mapping[str, Any], now: datetime) -> None:
    """Note how a run ended: `done` or `failed`, with its numbers."""
    db.session.execute(
        update(JobRun).where(JobRun.id == run_id).values(finished_at=now, outcome=outcome, facts=dict(facts))
    )


def has_run(job: str, *, since: datetime, now: datetime) -> bool:
    """Whether the job was begun since then and is done, or still under way."""
    under_way = JobRun.finished_at.is_(None) & (JobRun.seen_at > now - LOST_AFTER)
    run = select(JobRun.id).where(JobRun.job == job, JobRun.started_at >= since, (JobRun.outcome == "done") | under_way)
    return db.session.scalar(run.limit(1)) is not None


def list_runs(*, job: str | None = None, limit: int = 50) -> Sequence[JobRun]:
    """The latest runs of a job, or of all."""
    query = select(JobRun).order_by(JobRun.id.desc()).limit(limit)
    return db.session.scalars(query if job is None else query.where(JobRun.job == job)).all()


def sweep(*, now: datetime) -> int:
    """Mark as lost the runs whose worker died, and forget the oldest; returns how many were forgotten."""
    db.session.execute(
        update(JobRun)
        .where(JobRun.finished_at.is_(None), JobRun.seen_at < now - LOST_AFTER)
        .values(finished_at=now, outcome="lost")
    )
    result = db.session.execute(delete(JobRun).where(JobRun.started_at < now - KEPT))
    return int(getattr(result, "rowcount", 0))
