"""The three newbie tasks: what they are, who has done them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db, table_of
from app.tasks.errors import TaskNotFound
from app.tasks.models import NewbieTask, TaskCompletion

_RECALLED = {"recalled": True}

PREFERENCES = "preferences"
FIRST_ORDER_COUPON = "first_order_coupon"
SUBSCRIBE = "subscribe"

CODES = (PREFERENCES, FIRST_ORDER_COUPON, SUBSCRIBE)

# Exactly three [S0.19-22]; titles and rewards are data from then on.
DEFAULT_TASKS = (
    (PREFERENCES, 1, "说说您的喜好", "选几个感兴趣的方向，推荐更合您的心意", 50),
    (FIRST_ORDER_COUPON, 2, "领取首单专享券", "从专享券里挑一张，首次消费就能用", 50),
    (SUBSCRIBE, 3, "订阅活动与到期提醒", "活动开始、权益到期、会员日，只提醒有用的", 100),
)


def ensure_tasks() -> None:
    """Give a group without newbie tasks the three."""
    if db.session.scalar(select(NewbieTask.code).limit(1)) is not None:
        return
    for code, position, title, summary, points in DEFAULT_TASKS:
        db.session.add(NewbieTask(code=code, position=position, title=title, summary=summary, reward_points=points))
    db.session.flush()


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


# How many tasks there are, and how many the member has done, within another statement by its parameter `member_id`.
TOTAL = select(func.count()).select_from(NewbieTask).scalar_subquery()
# The points of all tasks that the member has not done.
POINTS_OPEN = (
    select(func.coalesce(func.sum(NewbieTask.reward_points), 0))
    .where(
        NewbieTask.code.not_in(
            select(TaskCompletion.task_code).where(TaskCompletion.member_id == bindparam("member_id"))
        )
    )
    .scalar_subquery()
)
DONE = select(func.count()).where(TaskCompletion.member_id == bindparam("member_id")).scalar_subquery()


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


def carry_over(member_id: int, *, into: int) -> list[str]:
    """What a member has done, whom they are merged into need not do again, and is not paid for again; returns what."""
    done = [
        {**{column.key: getattr(one, column.key) for column in table_of(TaskCompletion).c}, "member_id": into}
        for one in list_completions(member_id).values()
    ]
    if not done:
        return []
    carried = insert(TaskCompletion).values(done).on_conflict_do_nothing().returning(TaskCompletion.task_code)
    return sorted(db.session.scalars(carried))


def take_back(member_id: int, codes: Collection[str]) -> None:
    """The member has not done what was carried over from somebody who turned out to be another."""
    carried = (TaskCompletion.member_id == member_id, TaskCompletion.task_code.in_(list(codes)))
    db.session.execute(delete(TaskCompletion).where(*carried))


def recall(member_id: int, codes: Collection[str], *, now: datetime) -> None:
    """Mark tasks done that somebody did before they left, so that they are not paid for again; done ones stay."""
    if not codes:
        return
    known = [task.code for task in list_tasks() if task.code in codes]
    rows = [
        {"member_id": member_id, "task_code": code, "completed_at": now, "points_awarded": 0, "facts": _RECALLED}
        for code in known
    ]
    if rows:
        db.session.execute(insert(TaskCompletion).on_conflict_do_nothing(), rows)


def list_paid(member_id: int) -> list[str]:
    """The tasks for which the member got what there is to get, not counting those done before they left once."""
    return [code for code, done in list_completions(member_id).items() if done.facts != _RECALLED]


def forget_answers(member_id: int) -> None:
    """Keep that the member did the tasks, not what they said."""
    db.session.execute(update(TaskCompletion).where(TaskCompletion.member_id == member_id).values(facts={}))
