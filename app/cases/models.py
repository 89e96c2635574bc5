"""Cases and their history."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement

# How a case ends that nobody had to answer.
SETTLED_ITSELF = "settled_itself"


class Status(StrEnum):
    """A case's life."""

    WAITING = "waiting"  # for somebody of the team; next: taken
    TAKEN = "taken"  # somebody works on it; next: answered, or waiting when it is handed on to a team
    ANSWERED = "answered"  # the end, by somebody or by itself, unless it is reopened: then taken


class Step(StrEnum):
    """What happened to a case."""

    RAISED = "raised"
    TAKEN = "taken"
    HANDED_ON = "handed_on"
    ANSWERED = "answered"
    REOPENED = "reopened"


class Case(Model):
    """A question to people. `subject` is what it is about; open, a kind asks about a subject once.

    `reason` is a code of the kind with its `facts`, `evidence` are further subjects to look at: no personal data in
    either. `role` is the team it waits for, `owner_id` who works on it or answered it.
    """

    __tablename__ = "cases"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    subject: Mapped[str]
    reason: Mapped[str]
    facts: Mapped[dict[str, Any]]
    evidence: Mapped[list[str]]
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    role: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    raised_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    outcome: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint(
            f"outcome IS NULL OR outcome = '{SETTLED_ITSELF}' OR owner_id IS NOT NULL", name="answered_by_somebody"
        ),
        Index("uq_cases_open", "kind", "subject", unique=True, postgresql_where="outcome IS NULL"),
        Index("ix_cases_waiting", "mall_id", "due_at", "id", postgresql_where="outcome IS NULL"),
        Index("ix_cases_answered", "mall_id", "answered_at", "id", postgresql_where="outcome IS NOT NULL"),
        Index("ix_cases_owner_id", "owner_id"),
    )

    @property
    def status(self) -> Status:
        """Where the case stands in its life."""
        if self.outcome is not None:
            return Status.ANSWERED
        return Status.WAITING if self.owner_id is None else Status.TAKEN


class CaseStep(Model):
    """What somebody did with a case, with their note; only grows. `facts`: to which team or person, which outcome."""

    __tablename__ = "case_steps"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    step: Mapped[str]
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str]
    facts: Mapped[dict[str, Any]]
    note: Mapped[str]
