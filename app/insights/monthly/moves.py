"""The migration matrix of each month, and how long the steps of the ladder took in it, kept for the review."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, insert, select

from app.insights.monthly.models import MeasuredMonth, MonthMove, MonthStep
from app.insights.monthly.periods import Period, last_day
from app.insights.questions import matrices, stages
from app.insights.questions.figures import Span
from app.insights.questions.matrices import Matrix
from app.kernel import clock
from app.kernel.db import db
from app.lifecycle.stages import moved
from app.lifecycle.stages.models import Stage


def keep(month: date, period: Period) -> None:
    """Count them for every mall, in place of what was kept of the month."""
    for table in (MonthMove, MonthStep):
        db.session.execute(delete(table).where(table.month == month))
    counts = moved.count_each(period.before, period.last)
    moves = [
        {"month": month, "home_mall_id": mall_id, "old_stage": old, "stage": new, "members": members}
        for mall_id, of_mall in counts.items()
        for (old, new), members in of_mall.items()
    ]
    medians = stages.median_days_each(Span(clock.start_of_day(period.first), clock.end_of_day(period.last)))
    steps = [
        {"month": month, "home_mall_id": mall_id, "stage": stage.value, "median_days": days}
        for mall_id, of_mall in medians.items()
        for stage, days in of_mall.items()
    ]
    for table, rows in ((MonthMove, moves), (MonthStep, steps)):
        if rows:
            db.session.execute(insert(table), rows)


def find_matrix(mall_id: int, first: date, second: date) -> Matrix | None:
    """The matrix between these days, if they are the ends of a month that is kept up to the second."""
    period = Period(clock.first_of_month(second), second)
    kept = db.session.get(MeasuredMonth, period.first)
    if kept is None or kept.night_day is None or first != period.before:
        return None
    if second != min(last_day(second), kept.night_day):
        return None
    one = MonthMove
    rows = db.session.execute(
        select(one.old_stage, one.stage, one.members).where(one.month == period.first, one.home_mall_id == mall_id)
    )
    return Matrix(first, second, {(old, new): members for old, new, members in rows})


def read_matrix(mall_id: int, first: date, second: date) -> Matrix:
    """The matrix between two days: as it is kept, else counted now."""
    return find_matrix(mall_id, first, second) or matrices.read(mall_id, first, second)


def list_median_days(mall_id: int, month: date) -> Mapping[Stage, float] | None:
    """How long the steps took in a month, by the lower stage; None for a month that was not counted."""
    kept = db.session.get(MeasuredMonth, month)
    if kept is None or kept.night_day is None:
        return None
    one = MonthStep
    rows = db.session.execute(select(one.stage, one.median_days).where(one.month == month, one.home_mall_id == mall_id))
    return {Stage(stage): days for stage, days in rows}
