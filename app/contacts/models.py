"""WeCom contacts of our staff, and the greetings they are owed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import outbox
from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement
from app.kernel.outbox import Queued


class GreetingStatus(StrEnum):
    """What became of a greeting."""

    DUE = "due"  # to be sent within its 20 seconds; next: one of the others
    SENT = "sent"  # the platform took it
    TOO_LATE = "too_late"  # the 20 seconds were over; `last_error` says why
    REFUSED = "refused"  # the platform calls it wrong; `last_error` has its code


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


class ContactGreeting(Queued, Model):
    """A greeting owed to a new contact, as a row of a queue.

    `welcome_code` works once, for 20 seconds; it goes when the greeting ends.
    """

    __tablename__ = "contact_greetings"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    fact: Mapped[str] = mapped_column(unique=True)
    external_user_id: Mapped[str]
    scene: Mapped[str]
    welcome_code: Mapped[str | None]
    queued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    status: Mapped[str]

    __table_args__ = (
        CheckConstraint("status IN ('due', 'sent', 'too_late', 'refused')", name="status"),
        CheckConstraint("(status = 'due') = (done_at IS NULL AND given_up_at IS NULL)", name="ended"),
        CheckConstraint("(status = 'sent') = (done_at IS NOT NULL)", name="sent"),
        CheckConstraint("(status = 'due') = (welcome_code IS NOT NULL)", name="welcome_code"),
        *outbox.table_args("contact_greetings"),
    )
