"""Tasks and their completions."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class NewbieTask(Model):
    """One of the three things a new member does first; the reward is data."""

    __tablename__ = "newbie_tasks"
    __placement__ = placement.reference()

    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str]
    summary: Mapped[str]
    reward_points: Mapped[int]

    __table_args__ = (
        CheckConstraint("position BETWEEN 1 AND 3", name="three"),
        CheckConstraint("reward_points >= 0", name="reward"),
    )


class TaskCompletion(Model):
    """That a member did a task; the primary key makes it once."""

    __tablename__ = "task_completions"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    task_code: Mapped[str] = mapped_column(ForeignKey("newbie_tasks.code"), primary_key=True)
    completed_at: Mapped[datetime]
    points_awarded: Mapped[int]
    facts: Mapped[dict[str, Any]]
