"""WeCom contacts of our staff, and the greetings they are owed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class GreetingStatus(StrEnum):
    """What became of a greeting."""

    DUE = "due"  # to be sent within its 20 seconds; next: one of the others
    SENT = "sent"  # the platform took it
    TOO_LATE = "too_late"  # the 20 seconds were over; the reason says why
    REFUSED = "refused"  # the platform calls it wrong; the reason has its code


class WecomContact(Model):
    """That a person is, or was, a contact of a member of staff, as of the last event about it.

    Who the person is stands in the directory of identities under `wecom_external`, so that merging moves it along.
    """

    __tablename__ = "wecom_contacts"
    __placement__ = placement.coordinator()

    external_user_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    entrance_id: Mapped[int | None] = mapped_column(ForeignKey("entrances.id"))
    added_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    __table_args__ = (Index("ix_wecom_contacts_entrance_id", "entrance_id"),)


class ContactGreeting(Model):
    """A greeting owed to a new contact. `welcome_code` works once, for 20 seconds; it goes when the row is settled."""

    __tablename__ = "contact_greetings"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    fact: Mapped[str] = mapped_column(unique=True)
    scene: Mapped[str]
    welcome_code: Mapped[str | None]
    queued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int]
    status: Mapped[str]
    reason: Mapped[str]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("status IN ('due', 'sent', 'too_late', 'refused')", name="status"),
        CheckConstraint("(status = 'due') = (settled_at IS NULL)", name="settled_at"),
        CheckConstraint("(status = 'due') = (welcome_code IS NOT NULL)", name="welcome_code"),
        Index("ix_contact_greetings_due", "due_at", "id", postgresql_where="status = 'due'"),
    )
