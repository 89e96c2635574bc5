"""Writing the timeline."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db
from app.timeline.models import EventKind, TimelineEvent


def record(
    member_id: int,
    *,
    kind: EventKind,
    fact: str,
    occurred_at: datetime,
    mall_id: int | None = None,
    store_id: int | None = None,
    source: str = "",
) -> None:
    """Write the behaviour once; the same (kind, fact) again changes nothing."""
    db.session.execute(
        insert(TimelineEvent)
        .values(
            member_id=member_id,
            kind=kind.value,
            fact=fact,
            occurred_at=occurred_at,
            mall_id=mall_id,
            store_id=store_id,
            source=source,
        )
        .on_conflict_do_nothing(index_elements=["member_id", "kind", "fact"])
    )
