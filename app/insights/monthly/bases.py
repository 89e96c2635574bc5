"""Over whom a measure is: selects of members with their home mall and `since`, the day from which on they are watched.

Each is about those who are members now, with what is known of them now.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, FromClause, Select, func, literal, or_, select

from app.kernel import clock
from app.kernel.lists.days import day_of
from app.lifecycle.stages import moved
from app.lifecycle.stages.models import NOWHERE, MemberStage, Stage, StageChange
from app.purchases.models import Purchase

_ONE = MemberStage


def joined(first: date, last: date) -> Select[Any]:
    """Who joined on these days."""
    return select(_ONE.member_id, _ONE.home_mall_id, _ONE.joined_on.label("since")).where(
        _ONE.joined_on.between(first, last)
    )


def bought_first(first: date, last: date, numbers: FromClause | None = None) -> Select[Any]:
    """Who bought for the first time on these days, and at which moment (`first_at`).

    With the `numbers` of people (`people.as_rows`) only they, and by whichever of their numbers.
    """
    firsts = select(Purchase.member_id, Purchase.occurred_at.label("first_at")).where(Purchase.is_first)
    if numbers is not None:
        firsts = (
            select(numbers.c.person_id.label("member_id"), func.min(Purchase.occurred_at).label("first_at"))
            .join(Purchase, Purchase.member_id == numbers.c.member_id)
            .where(Purchase.is_first)
            .group_by(numbers.c.person_id)
        )
    one = firsts.subquery("firsts").c
    return (
        select(_ONE.member_id, _ONE.home_mall_id, day_of(one.first_at).label("since"), one.first_at)
        .join_from(_ONE, one.first_at.table, one.member_id == _ONE.member_id)
        .where(one.first_at >= clock.start_of_day(first), one.first_at < clock.end_of_day(last))
    )


def stood(day: date, stages: Sequence[Stage]) -> Select[Any]:
    """Who stood in one of the stages at the end of a day."""
    ids = moved.stood_on(day, [stage.value for stage in stages])
    return select(_ONE.member_id, _ONE.home_mall_id, literal(day, Date).label("since")).where(_ONE.member_id.in_(ids))


def came_to(first: date, last: date, stages: Sequence[Stage], *, from_any: Sequence[str]) -> Select[Any]:
    """Who came to one of the stages on these days from any of the others; since the first time they did."""
    change, codes = StageChange, [stage.value for stage in stages]
    came = (
        select(change.member_id, func.min(change.day).label("since"))
        .where(change.day.between(first, last), change.stage.in_(codes), change.old_stage.in_(from_any))
        .group_by(change.member_id)
        .subquery("came")
    )
    return select(_ONE.member_id, _ONE.home_mall_id, came.c.since).join(came, came.c.member_id == _ONE.member_id)


def came_as_visitor(first: date, last: date) -> Select[Any]:
    """Who was seen as a visitor for the first time on these days, or joined without having been seen."""
    change = StageChange
    came = (change.old_stage == NOWHERE) & (change.stage == Stage.VISITOR.value)
    since = change.day.label("since")
    return (
        select(_ONE.member_id, _ONE.home_mall_id, since)
        .join(change, change.member_id == _ONE.member_id)
        .where(change.day.between(first, last), or_(came, moved.joined_unseen(change)))
    )
