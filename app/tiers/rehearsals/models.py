"""Rehearsals of ladders, and what is known of them."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.runs import inquiries
from app.kernel.runs.inquiries import Inquiry, Outcome


class TierRehearsal(Inquiry, Model):
    """A ladder beside the one in force when it was asked in a mall, for all members of the group.

    Documents are those of `ladders.documents`. All members up to `reached_id` of `members` in all are in `result`
    (`counting.Group`s), and their past stays in `parking` (`counting.Parking`s; None: nobody asked for stays then).
    """

    __tablename__ = "tier_rehearsals"
    __placement__ = placement.coordinator()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    old_document: Mapped[dict[str, Any]]
    document: Mapped[dict[str, Any]]
    members: Mapped[int]
    counted: Mapped[int]
    reached_id: Mapped[int]
    result: Mapped[list[list[Any]]] = mapped_column(JSONB)
    parking: Mapped[list[list[int]] | None] = mapped_column(JSONB(none_as_null=True))

    __table_args__ = (
        *inquiries.table_args("tier_rehearsals"),
        CheckConstraint("counted >= 0 AND members >= 0", name="counted"),
    )


class TierRehearsalVersion(Outcome, Model):
    """A ladder that was published after a rehearsal, which is its reason and stays with it."""

    __tablename__ = "tier_rehearsal_versions"
    __placement__ = placement.coordinator()

    version_id: Mapped[int] = mapped_column(ForeignKey("tier_ladders.id", ondelete="CASCADE"), primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("tier_rehearsals.id"))

    __table_args__ = inquiries.outcome_args("tier_rehearsal_versions")
