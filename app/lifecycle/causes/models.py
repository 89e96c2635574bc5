"""Causes of silence as they were judged, and as people corrected them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.lifecycle.causes.rules import Cause

_CAUSES = ", ".join(f"'{cause.value}'" for cause in Cause)


class SleepCause(Model):
    """Why a member stays away since their last visit, on `silent_since`; the row goes when they come back.

    `evidence` are the signs that were found, the strongest first (`rules.Evidence`): codes and numbers.
    `confidence_bps` is 0 for an unknown cause. `corrected_cause` is what a person said last, and counts instead.
    """

    __tablename__ = "sleep_causes"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, autoincrement=False)
    home_mall_id: Mapped[int]
    silent_since: Mapped[date]
    cause: Mapped[str]
    confidence_bps: Mapped[int]
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    judged_on: Mapped[date]
    corrected_cause: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(f"cause IN ({_CAUSES})", name="cause"),
        CheckConstraint(f"corrected_cause IN ({_CAUSES})", name="corrected_cause"),
        CheckConstraint("confidence_bps BETWEEN 0 AND 10000", name="confidence"),
        # Counts of a mall, and the members of one cause, are read from it alone.
        Index("ix_sleep_causes_home_mall_id", "home_mall_id", "cause", "corrected_cause", "member_id"),
    )


class SleepCauseCorrection(Model):
    """What somebody knows better about why a member stays away, with who and when; the last of a silence counts."""

    __tablename__ = "sleep_cause_corrections"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    silent_since: Mapped[date]
    cause: Mapped[str]
    note: Mapped[str]
    staff_id: Mapped[int]
    staff_name: Mapped[str]
    corrected_at: Mapped[datetime]

    __table_args__ = (CheckConstraint(f"cause IN ({_CAUSES})", name="cause"),)
