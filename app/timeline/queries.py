"""Reading the timeline."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.timeline.models import TimelineEvent

ORDER = Order(TimelineEvent.occurred_at.desc(), TimelineEvent.id.desc())


def list_events(*wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST) -> Page[TimelineEvent]:
    """A page of what members did, the latest first if not asked otherwise."""
    return keyset.scalars(select(TimelineEvent).where(*wanted), order, asked)


def has_been_in(member_ids: Collection[int], mall_id: int) -> bool:
    """Whether a member, under any of their numbers, ever did anything in the mall."""
    seen = select(TimelineEvent.id).where(TimelineEvent.member_id.in_(member_ids), TimelineEvent.mall_id == mall_id)
    return db.session.scalar(seen.limit(1)) is not None


def first_and_last(member_ids: Collection[int], *, mall_id: int) -> tuple[datetime | None, datetime | None]:
    """When a member, under any of their numbers, first and last did anything in the mall; None for never."""
    row = db.session.execute(
        select(func.min(TimelineEvent.occurred_at), func.max(TimelineEvent.occurred_at)).where(
            TimelineEvent.member_id.in_(member_ids), TimelineEvent.mall_id == mall_id
        )
    ).one()
    return row[0], row[1]


def last_seen(member_ids: Collection[int], *, mall_id: int) -> dict[int, datetime]:
    """When each of the members last did anything in the mall; those who never did are left out."""
    rows = db.session.execute(
        select(TimelineEvent.member_id, func.max(TimelineEvent.occurred_at))
        .where(TimelineEvent.member_id.in_(member_ids), TimelineEvent.mall_id == mall_id)
        .group_by(TimelineEvent.member_id)
    )
    return dict(rows.tuples().all())
