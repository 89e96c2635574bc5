"""Messages to members."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.outbox import Tried


class MessageStatus(StrEnum):
    """A message's life."""

    PLANNED = "planned"  # waits for its time, perhaps put off with a reason; next: sending, suppressed
    SENDING = "sending"  # taken by a worker, perhaps with the platform; next: sent, failed, unknown, planned
    SENT = "sent"  # the platform took it
    FAILED = "failed"  # the platform refused it
    SUPPRESSED = "suppressed"  # held back by a rule
    UNKNOWN = "unknown"  # may or may not have gone out; never sent again


class Reason(StrEnum):
    """Why a message was not sent, or not yet."""

    QUIET_HOURS = "quiet_hours"  # put off to the morning
    WEEKLY_CAP = "weekly_cap"  # the member has had the marketing touches of seven days
    PLATFORM_BUSY = "platform_busy"  # the platform asked to come back later
    TOO_LATE = "too_late"  # its time was over before it could go
    NO_CONSENT = "no_consent"  # no subscription left for the template
    NO_ADDRESS = "no_address"  # the member has no identity on the channel
    MEMBER_GONE = "member_gone"  # left, or was merged into another member
    COUPON_REDEEMED = "coupon_redeemed"  # used
    COUPON_RESERVED = "coupon_reserved"  # put off: a payment in progress holds the coupon
    COUPON_VOID = "coupon_void"  # taken back
    CONSENT_REFUSED = "consent_refused"  # the platform knows of no subscription; our stock was emptied
    PLATFORM_REFUSED = "platform_refused"  # the platform calls the message wrong; `last_error` has its code
    NO_ANSWER = "no_answer"  # the request went out and nothing came back
    WORKER_DIED = "worker_died"  # the worker that had taken it never said how it went


class OutreachMessage(Tried, Model):
    """One message to one member, planned once for its `dedupe_key`. Holds facts and text, never an address.

    `touched_at` is the latest moment at which it can have reached the member: the claim while it is sending, the
    answer once sent, the end of the lease when nobody knows. `attempts` tells one claim from the next.
    """

    __tablename__ = "outreach_messages"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    mall_id: Mapped[int | None] = mapped_column(ForeignKey("malls.id"))
    kind: Mapped[str]
    marketing: Mapped[bool]
    channel: Mapped[str]
    template: Mapped[str]
    dedupe_key: Mapped[str]
    facts: Mapped[dict[str, Any]]
    content: Mapped[dict[str, Any] | None]
    status: Mapped[str]
    reason: Mapped[str | None]
    planned_at: Mapped[datetime]
    send_until: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    touched_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    platform_message_id: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("member_id", "dedupe_key"),
        CheckConstraint("status IN ('planned', 'sending', 'sent', 'failed', 'suppressed', 'unknown')", name="status"),
        CheckConstraint("status = 'planned' OR (reason IS NULL) = (status IN ('sending', 'sent'))", name="reason"),
        CheckConstraint("(status IN ('sending', 'sent', 'unknown')) = (touched_at IS NOT NULL)", name="touched_at"),
        CheckConstraint("(status = 'sending') = (lease_until IS NOT NULL)", name="lease_until"),
        CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name="sent_at"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_outreach_messages_due", "due_at", "member_id", "id", postgresql_where="status = 'planned'"),
        Index("ix_outreach_messages_leased", "lease_until", postgresql_where="status = 'sending'"),
        Index(
            "ix_outreach_messages_touches",
            "member_id",
            "touched_at",
            postgresql_where="marketing AND touched_at IS NOT NULL",
        ),
        Index("ix_outreach_messages_mall_id_planned_at", "mall_id", "planned_at", "member_id", "id"),
        Index(
            "ix_outreach_messages_status",
            "mall_id",
            "status",
            "planned_at",
            "member_id",
            "id",
            postgresql_where="status <> 'sent'",
        ),
        Index(
            "ix_outreach_messages_reason",
            "mall_id",
            "reason",
            "planned_at",
            "member_id",
            "id",
            postgresql_where="reason IS NOT NULL",
        ),
        Index("ix_outreach_messages_mall_id_sent_at", "mall_id", "sent_at", postgresql_where="sent_at IS NOT NULL"),
        Index("ix_outreach_messages_planned_at", "planned_at"),
    )
