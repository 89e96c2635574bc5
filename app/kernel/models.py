"""Tables of no room: answers kept for repeated commands, attempts counted for throttling, worker heartbeats."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model


class IdempotencyKey(Model):
    """The answer once given to a caller's command; unique by caller and key, with a fingerprint of the input."""

    __tablename__ = "idempotency_keys"

    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int]
    answer: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_idempotency_keys_created_at", "created_at"),)


class Attempt(Model):
    """How often something was tried in a window, for throttling; the bucket names who and what."""

    __tablename__ = "attempts"

    bucket: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


class Heartbeat(Model):
    """When a worker was last alive, and what it was doing."""

    __tablename__ = "heartbeats"

    worker: Mapped[str] = mapped_column(primary_key=True)
    beat_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]
