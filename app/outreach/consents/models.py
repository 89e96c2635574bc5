"""Consent stock and its events."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class ConsentChange(StrEnum):
    """What happened to a member's stock of consents for one template."""

    ACCEPTED = "accepted"  # +1: the member said yes in the dialog
    REJECTED = "rejected"  # 0: the member said no; earlier consents stay
    RESERVED = "reserved"  # -1: a message took one before it was handed to the platform
    RELEASED = "released"  # +1: the platform refused that message without using the consent
    CLEARED = "cleared"  # -n: the platform said that nothing is left
    WITHDRAWN = "withdrawn"  # -n: the member wants no more messages
    MOVED = "moved"  # -n or +n: two members were found to be one, or two after all


class SubscribeConsent(Model):
    """How many messages of a template the member still allows: the sum of the events, never below zero."""

    __tablename__ = "subscribe_consents"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    template: Mapped[str] = mapped_column(primary_key=True)
    remaining: Mapped[int]
    changed_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("remaining >= 0", name="remaining"),)


class ConsentEvent(Model):
    """One signed change of the stock (+ allowed, - used or lost), once for each fact."""

    __tablename__ = "subscribe_consent_events"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    template: Mapped[str]
    change: Mapped[str]
    quantity: Mapped[int]
    fact: Mapped[str]
    occurred_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("member_id", "template", "change", "fact"),
        CheckConstraint(
            "change IN ('accepted', 'rejected', 'reserved', 'released', 'cleared', 'withdrawn', 'moved')", name="change"
        ),
        CheckConstraint(
            "CASE WHEN change = 'rejected' THEN quantity = 0 WHEN change IN ('cleared', 'withdrawn') THEN quantity < 0 "
            "WHEN change = 'moved' THEN quantity <> 0 WHEN change = 'reserved' THEN quantity = -1 "
            "ELSE quantity = 1 END",
            name="quantity",
        ),
    )
