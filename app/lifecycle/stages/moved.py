"""Who stood where at the ends of two days, as was said then, by what has changed since the first of them.

Whoever has not moved since stands today where they stood on both days, so no row of theirs is read: a matrix costs the
changes since its first day and the count of each stage.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect

from app.kernel.db import db, take_long
from app.lifecycle.stages.models import NOWHERE, MemberStage, StageChange

_DAYS_IN_ORDER = "the second day is before the first"


# From a stage on one day to the stage on another → members. Either is empty for who stood nowhere.
Counts = dict[tuple[str, str], int]


def count(first: date, second: date, *, mall_id: int | None = None) -> Counts:
    """Who stood where at the ends of two days; of a home mall or of all.

    Who stood nowhere on both days, or has left since, is not counted.
    """
    found: Counter[tuple[str, str]] = Counter()
    for counts in count_each(first, second, mall_id=mall_id).values():
        found.update(counts)
    return dict(found)


def count_each(first: date, second: date, *, mall_id: int | None = None) -> dict[int, Counts]:
    """The same by home mall. All moves since the first day are sorted, in memory if it can be."""
    take_long()
    moved = _moved(first, second)
    places = (moved.c.home_mall_id, moved.c.old_stage, moved.c.stage, moved.c.stage_now)
    rows = db.session.execute(select(*places, func.count()).where(*_of_mall(moved.c, mall_id)).group_by(*places))
    counts, still = Counter[tuple[int, str, str]](), Counter(_count_now(mall_id))
    for mall, old, new, now, members in rows:
        counts[mall, old, new] += members
        still[mall, now] -= members
    for (mall, stage), members in still.items():
        counts[mall, stage, stage] += members
    found: dict[int, Counts] = {}
    for (mall, old, new), members in counts.items():
        if members and (old, new) != (NOWHERE, NOWHERE):
            found.setdefault(mall, {})[old, new] = members
    return found


def stood(first: date, second: date, *, old: str, new: str, mall_id: int) -> Select[Any] | CompoundSelect[Any]:
    """The members of a home mall who stood in one stage on the first day and in another on the second, by number."""
    moved = _moved(first, second)
    moved_so = select(moved.c.member_id).where(
        moved.c.old_stage == old, moved.c.stage == new, *_of_mall(moved.c, mall_id)
    )
    return moved_so if old != new else union_all(moved_so, _still(first, new, mall_id))


def stood_on(day: date, stages: Sequence[str], *, mall_id: int | None = None) -> CompoundSelect[Any]:
    """The members who stood in one of the stages at the end of a day, by number; of a home mall or of all."""
    moved = _moved(day, day)
    moved_so = select(moved.c.member_id).where(moved.c.stage.in_(stages), *_of_mall(moved.c, mall_id))
    return union_all(moved_so, *(_still(day, stage, mall_id) for stage in stages))


def stage_at(member_id: ColumnElement[int], day: ColumnElement[date] | date) -> ColumnElement[str]:
    """Where the member of another statement's row stood at the end of a day: for few members, each looked up alone."""
    change, now = StageChange, MemberStage
    later = (
        select(change.old_stage)
        .where(change.member_id == member_id, change.day > day, change.old_stage != change.stage)
        .order_by(change.day, change.id)
        .limit(1)
        .scalar_subquery()
    )
    stands = select(now.stage).where(now.member_id == member_id).scalar_subquery()
    return func.coalesce(later, stands, NOWHERE)


def joined_unseen(change: Any) -> ColumnElement[bool]:
    """Whether somebody joined with a change who had not been seen as a visitor on a day before.

    That is a visitor who joins, too, as whoever scans a code and joins at once. It is not so of members who were known
    later than they joined, as with a history that comes in.
    """
    return and_(change.old_stage == NOWHERE, change.joined_on == change.day)


def _moved(first: date, second: date) -> Subquery:
    """Everybody who moved after the first day: where they stood on both, and where they stand now."""
    if second < first:
        raise ValueError(_DAYS_IN_ORDER)
    one, later, now = _since(first, "since_first"), _since(second, "since_second"), MemberStage
    return (
        select(
            one.c.member_id,
            func.coalesce(now.home_mall_id, one.c.home_mall_id).label("home_mall_id"),
            one.c.old_stage,
            func.coalesce(later.c.old_stage, now.stage, NOWHERE).label("stage"),
            func.coalesce(now.stage, NOWHERE).label("stage_now"),
        )
        .select_from(one)
        .outerjoin(later, later.c.member_id == one.c.member_id)
        .outerjoin(now, now.member_id == one.c.member_id)
        .subquery("moved")
    )


def _since(day: date, name: str) -> Subquery:
    """The first move of each member after a day: it says where they stood when the day was over."""
    one = StageChange
    return (
        select(one.member_id, one.home_mall_id, one.old_stage)
        .distinct(one.member_id)
        .where(one.day > day, one.old_stage != one.stage)
        .order_by(one.member_id, one.day, one.id)
        .subquery(name)
    )


def _still(day: date, stage: str, mall_id: int | None) -> Select[Any]:
    """Who stands in the stage and has not moved since the day."""
    one, change = MemberStage, StageChange
    has_moved = select(change.member_id).where(
        change.member_id == one.member_id, change.day > day, change.old_stage != change.stage
    )
    return select(one.member_id).where(one.stage == stage, *_of_mall(one, mall_id), ~has_moved.exists())


def _count_now(mall_id: int | None) -> dict[tuple[int, str], int]:
    one = MemberStage
    places = (one.home_mall_id, one.stage)
    rows = db.session.execute(
        select(*places, func.count()).where(one.stage != NOWHERE, *_of_mall(one, mall_id)).group_by(*places)
    )
    return {(mall, stage): members for mall, stage, members in rows}


def _of_mall(columns: Any, mall_id: int | None) -> list[ColumnElement[bool]]:
    return [] if mall_id is None else [columns.home_mall_id == mall_id]
