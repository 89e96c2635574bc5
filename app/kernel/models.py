"""Tables of no subject: kept answers of commands, attempts counted for throttling, worker heartbeats, runs of jobs."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class IdempotencyKey(Model):
    """The answer once given to a caller's command; unique by caller and key, with a fingerprint of the input."""

    __tablename__ = "idempotency_keys"
    __placement__ = placement.directory("key")

    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int]
    answer: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_idempotency_keys_created_at", "created_at"),)


class Heartbeat(Model):
    """When a worker was last alive, and what it was doing."""

    __tablename__ = "heartbeats"
    __placement__ = placement.coordinator()

    worker: Mapped[str] = mapped_column(primary_key=True)
    beat_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]


class JobRun(Model):
    """One run of a job: by which worker, from when to when, how it ended, and what it did in numbers.

    Without an end it is under way, or its worker died, who was last seen at it at `seen_at`. A job that runs every few
    seconds leaves a row only when it did something or failed.
    """

    __tablename__ = "job_runs"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    job: Mapped[str]
    worker: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    facts: Mapped[dict[str, Any]]

    __table_args__ = (
        CheckConstraint("outcome IN ('done', 'failed', 'lost')", name="outcome"),
        CheckConstraint("(finished_at IS NULL) = (outcome IS NULL)", name="finished_at"),
        Index("ix_job_runs_job_id", "job", "id"),
        Index("ix_job_runs_started_at", "started_at"),
    )
