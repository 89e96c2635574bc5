"""The three newbie tasks: what they are, who has done them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db
from app.tasks.errors import TaskNotFound
from app.tasks.models import NewbieTask, TaskCompletion

PREFERENCES = "preferences"
FIRST_ORDER_COUPON = "first_order_coupon"
SUBSCRIBE = "subscribe"


def list_tasks() -> Sequence[NewbieTask]:
    """The three, in order."""
    return db.session.scalars(select(NewbieTask).order_by(NewbieTask.position)).all()


def get_task(code: str) -> NewbieTask:
    """The task; raises TaskNotFound."""
    task = db.session.get(NewbieTask, code)
    if task is None:
        raise TaskNotFound(task=code)
    return task


def list_completions(member_id: int) -> dict[str, TaskCompletion]:
    """What the member has done, by task."""
    rows = db.session.scalars(select(TaskCompletion).where(TaskCompletion.member_id == member_id))
    return {completion.task_code: completion for completion in rows}


def count_done(member_id: int) -> int:
    """How many of the tasks the member has done."""
    return db.session.scalar(select(func.count()).where(TaskCompletion.member_id == member_id)) or 0


def complete(member_id: int, task: NewbieTask, *, facts: dict[str, Any], now: datetime) -> bool:
    """Mark the task done; False when it was done before (the primary key is the judge)."""
    first = db.session.execute(
        insert(TaskCompletion)
        .values(
            member_id=member_id,
            task_code=task.code,
            completed_at=now,
            points_awarded=task.reward_points,
            facts=facts,
        )
        .on_conflict_do_nothing()
        .returning(TaskCompletion.task_code)
    ).first()
    return first is not None
