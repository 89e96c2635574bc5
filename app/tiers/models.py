"""Tiers and growth."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class Tier(Model):
    """A rung of the ladder: reached at `threshold` growth."""

    __tablename__ = "tiers"
    __placement__ = placement.reference()

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    threshold: Mapped[int] = mapped_column(unique=True)

    __table_args__ = (CheckConstraint("threshold >= 0", name="threshold"),)


class GrowthAccount(Model):
    """A member's growth value: the sum of the entries, never below zero."""

    __tablename__ = "growth_accounts"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    growth: Mapped[int]


class GrowthEntry(Model):
    """One signed change of growth and why; unique by fact."""

    __tablename__ = "growth_entries"
    __placement__ = placement.by_member(left_out={"append_only": placement.NO_TRIGGER})

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    growth: Mapped[int]
    growth_after: Mapped[int]
    reason_code: Mapped[str]
    reason_facts: Mapped[dict[str, str]] = mapped_column(JSONB)
    fact: Mapped[str]
    occurred_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("member_id", "fact"),)


class TierPerks(Model):
    """What a mall gives the members of a tier, in its own words: one line each."""

    __tablename__ = "tier_perks"
    __placement__ = placement.reference()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"), primary_key=True)
    tier_code: Mapped[str] = mapped_column(ForeignKey("tiers.code"), primary_key=True)
    lines: Mapped[list[str]]
    changed_at: Mapped[datetime]
