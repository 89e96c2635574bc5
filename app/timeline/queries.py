"""Reading the timeline."""

from sqlalchemy import ColumnElement, select

from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.timeline.models import TimelineEvent

ORDER = Order(TimelineEvent.occurred_at.desc(), TimelineEvent.id.desc())


def list_events(member_id: int, *wanted: ColumnElement[bool], asked: Asked = FIRST) -> Page[TimelineEvent]:
    """A page of what the member did, the latest first."""
    return keyset.scalars(select(TimelineEvent).where(TimelineEvent.member_id == member_id, *wanted), ORDER, asked)


def has_been_in(member_id: int, mall_id: int) -> bool:
    """Whether the member ever did anything in the mall."""
    seen = select(TimelineEvent.id).where(TimelineEvent.member_id == member_id, TimelineEvent.mall_id == mall_id)
    return db.session.scalar(seen.limit(1)) is not None
