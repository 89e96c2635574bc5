"""Questions about everybody's stages, and what is known of their answers."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.runs import inquiries
from app.kernel.runs.inquiries import Inquiry


class Restatement(Inquiry, Model):
    """A question that somebody asked, and its answer as far as it is worked out.

    `question` is what `questions.as_data` makes; `answers` has a list of `counting.MallMove` for each comparison
    that is counted, in their order, and as many as `comparisons` when it is done. `kind` says what it was asked for.
    """

    __tablename__ = "lifecycle_restatements"
    __placement__ = placement.coordinator()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    kind: Mapped[str]
    fingerprint: Mapped[str]
    question: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    comparisons: Mapped[int]
    answers: Mapped[list[list[list[Any]]]] = mapped_column(JSONB)

    __table_args__ = (
        *inquiries.table_args("lifecycle_restatements"),
        CheckConstraint("kind IN ('rules', 'past')", name="kind"),
        CheckConstraint("jsonb_array_length(answers) <= comparisons AND comparisons > 0", name="progress"),
        CheckConstraint("done_at IS NULL OR jsonb_array_length(answers) = comparisons", name="whole"),
        Index("ix_lifecycle_restatements_fingerprint", "fingerprint", "asked_at"),
    )
