"""Rehearsals of rules of earning, and what is known of them."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.runs import inquiries
from app.kernel.runs.inquiries import Inquiry


class EarningRehearsal(Inquiry, Model):
    """Other rules for a mall's purchases of some days, both included, beside the rules in force when it was asked.

    Documents are those of `earning.documents`. `bounds` are the last member number of each part but the last, once it
    is planned; `counted` parts of them are in `result` (`results.Result`). `version_id` is the version that was
    published after it.
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
    version_id: Mapped[int | None] = mapped_column(ForeignKey("earning_rules.id", ondelete="SET NULL"))

    __table_args__ = (
        *inquiries.table_args("earning_rehearsals"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("counted >= 0", name="counted"),
        CheckConstraint("done_at IS NULL OR counted = jsonb_array_length(bounds) + 1", name="whole"),
        Index("ix_earning_rehearsals_version_id", "version_id"),
    )
