"""Rehearsals of rules of earning, and what is known of them."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.runs import inquiries
from app.kernel.runs.inquiries import Inquiry, Outcome


class EarningRehearsal(Inquiry, Model):
    """Other rules for a mall's purchases of some days, both included, beside the rules in force when it was asked.

    Documents are those of `earning.documents`. `bounds` are the last member number of each part but the last, once it
    is planned; `counted` parts of them are in `result` (`results.Result`).
    """

    __tablename__ = "earning_rehearsals"
    __placement__ = placement.coordinator()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    old_document: Mapped[dict[str, Any]]
    document: Mapped[dict[str, Any]]
    first_day: Mapped[date]
    last_day: Mapped[date]
    bounds: Mapped[list[str] | None]
    counted: Mapped[int]
    result: Mapped[dict[str, Any]]

    __table_args__ = (
        *inquiries.table_args("earning_rehearsals"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("counted >= 0", name="counted"),
        CheckConstraint("done_at IS NULL OR counted = jsonb_array_length(bounds) + 1", name="whole"),
    )


class EarningRehearsalVersion(Outcome, Model):
    """A version of rules that was published after a rehearsal, which is its reason and stays with it."""

    __tablename__ = "earning_rehearsal_versions"
    __placement__ = placement.coordinator()

    version_id: Mapped[int] = mapped_column(ForeignKey("earning_rules.id", ondelete="CASCADE"), primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("earning_rehearsals.id"))

    __table_args__ = inquiries.outcome_args("earning_rehearsal_versions")
