"""Reading the timeline."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.timeline.models import PRESENCE, EventKind, TimelineEvent

# Joining shows a person at the entrance. What the mall gave or sent them says nothing of where they were.
_THERE = sorted({*PRESENCE, EventKind.JOINED})

ORDER = Order(TimelineEvent.occurred_at.desc(), TimelineEvent.id.desc())


def list_events(*wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST) -> Page[TimelineEvent]:
    """A page of what members did, the latest first if not asked otherwise."""
    return keyset.scalars(select(TimelineEvent).where(*wanted), order, asked)


def has_been_in(member_ids: Collection[int], mall_id: int) -> bool:
    """Whether a member, under any of their numbers, ever did anything in the mall."""
    seen = select(TimelineEvent.id).where(TimelineEvent.member_id.in_(member_ids), TimelineEvent.mall_id == mall_id)
    return db.session.scalar(seen.limit(1)) is not None


def list_been_in(member_ids: Collection[int], mall_id: int) -> set[int]:
    """Those of the numbers under which anything was ever done in the mall."""
    seen = select(TimelineEvent.member_id).distinct()
    rows = seen.where(TimelineEvent.member_id.in_(member_ids), TimelineEvent.mall_id == mall_id)
    return set(db.session.scalars(rows))


def first_and_last(member_ids: Collection[int], *, mall_id: int) -> tuple[datetime | None, datetime | None]:
    """When a member, under any of their numbers, was first and last in the mall; None for never."""
    row = db.session.execute(
        select(func.min(TimelineEvent.occurred_at), func.max(TimelineEvent.occurred_at)).where(
            *_was_there(member_ids, mall_id)
        )
    ).one()
    return row[0], row[1]


def last_there(whose: Mapping[int, int], *, mall_id: int) -> dict[int, datetime]:
    """When each person was last in the mall, under any of their numbers; those who never were are left out.

    `whose` says by number who that is (`people.list_whose`).
    """
    found = select(TimelineEvent.member_id, func.max(TimelineEvent.occurred_at))
    rows = db.session.execute(found.where(*_was_there(whose, mall_id)).group_by(TimelineEvent.member_id))
    last: dict[int, datetime] = {}
    for number, at in rows.tuples():
        last[whose[number]] = max(at, last.get(whose[number], at))
    return last


def _was_there(member_ids: Collection[int], mall_id: int) -> tuple[ColumnElement[bool], ...]:
    one = TimelineEvent
    return one.member_id.in_(list(member_ids)), one.mall_id == mall_id, one.kind.in_(_THERE)
