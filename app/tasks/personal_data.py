"""Personal data: tasks."""

from typing import Any

from sqlalchemy import Select, select

from app.kernel.personal_data import Ids, Sections
from app.tasks.models import NewbieTask, TaskCompletion


def _tasks(ids: Ids) -> Select[Any]:
    one = TaskCompletion
    return (
        select(NewbieTask.title, one.completed_at, one.points_awarded, one.facts.label("answers"))
        .join(NewbieTask, NewbieTask.code == one.task_code)
        .where(one.member_id.in_(ids))
        .order_by(one.completed_at)
    )


SECTIONS: Sections = {
    "tasks": _tasks,
}
