"""The callbacks that platforms sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, Text, UniqueConstraint, literal_column, text
from sqlalchemy.orm import Mapped

from app.kernel import outbox
from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement
from app.kernel.outbox import Queued

# As the index has it.
OPENID: ColumnElement[str] = literal_column("(payload ->> 'openid')", Text())
UNREAD = "unread"  # the kind of what nobody could read


class PlatformEvent(Queued, Model):
    """A callback as the platform sent it, once: `fact` is what makes two deliveries the same event.

    Where somebody has to act on it, it is a row of a queue; `note` says how it ended, where that is not plain.
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
    note: Mapped[str]

    __table_args__ = (
        UniqueConstraint("channel", "fact"),
        *outbox.table_args("platform_events"),
        Index("ix_platform_events_received_at", "received_at"),
        Index(
            "ix_platform_events_troubled",
            "received_at",
            "id",
            postgresql_where="kind = 'unread' OR given_up_at IS NOT NULL",
        ),
        Index("ix_platform_events_circle", "received_at", "id", postgresql_where="channel = 'circle'"),
        Index(
            "ix_platform_events_circle_openid", text("(payload ->> 'openid')"), postgresql_where="channel = 'circle'"
        ),
    )
