"""Growth accounts and their entries."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class GrowthAccount(Model):
    """A member's growth value: the sum of the entries, never below zero."""

    __tablename__ = "growth_accounts"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    growth: Mapped[int]


class GrowthEntry(Model):
    """One signed change of growth and why; unique by fact.

    `counting` is how much of it counts for the period in which it is entered; None: all of it. What comes over from
    another member in a merge may have been earned long before.
    """

    __tablename__ = "growth_entries"
    __placement__ = placement.by_member(left_out={"append_only": placement.NO_TRIGGER})

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    growth: Mapped[int]
    growth_after: Mapped[int]
    counting: Mapped[int | None]
    reason_code: Mapped[str]
    reason_facts: Mapped[dict[str, str]] = mapped_column(JSONB)
    fact: Mapped[str]
    occurred_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("member_id", "fact"),)
