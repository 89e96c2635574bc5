"""Receipts on the timeline of which nobody told the hour."""

from sqlalchemy import and_

from app.purchases import day_only
from app.timeline.models import EventKind, TimelineEvent

UNTIMED = (
    and_(
        TimelineEvent.kind == EventKind.PURCHASED.value,
        day_only.stands_for_day(TimelineEvent.source, TimelineEvent.occurred_at),
    ),
)
