"""The callbacks that platforms sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class PlatformEvent(Model):
    """A callback as the platform sent it, once: `fact` is what makes two deliveries the same event.

    Open until `done_at`. A worker takes an event by moving `due_at` ahead, so one that dies gives it back by itself.
    """

    __tablename__ = "platform_events"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    channel: Mapped[str]
    fact: Mapped[str]
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int]
    done_at: Mapped[datetime | None]
    note: Mapped[str]

    __table_args__ = (
        UniqueConstraint("channel", "fact"),
        Index("ix_platform_events_open", "due_at", "id", postgresql_where="done_at IS NULL"),
        Index("ix_platform_events_received_at", "received_at"),
    )
