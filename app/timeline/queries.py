"""Reading the timeline."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from app.kernel.db import db
from app.timeline.models import TimelineEvent

ORDER = (TimelineEvent.occurred_at, TimelineEvent.id)


def list_events(member_id: int, *wanted: ColumnElement[bool], limit: int = 50) -> Sequence[TimelineEvent]:
    """A page of what the member did, the latest first (`ORDER`, descending)."""
    return db.session.scalars(
        select(TimelineEvent)
        .where(TimelineEvent.member_id == member_id, *wanted)
        .order_by(*(column.desc() for column in ORDER))
        .limit(limit)
    ).all()


def has_been_in(member_id: int, mall_id: int) -> bool:
    """Whether the member ever did anything in the mall."""
    seen = select(TimelineEvent.id).where(TimelineEvent.member_id == member_id, TimelineEvent.mall_id == mall_id)
    return db.session.scalar(seen.limit(1)) is not None
