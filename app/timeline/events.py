"""Writing the timeline."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Text, bindparam, cast, literal, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db, table_of
from app.kernel.facts import Fact
from app.kernel.fastpath.prepared import Prepared
from app.timeline.models import EventKind, TimelineEvent

_FIELDS = ("member_id", "kind", "fact", "occurred_at", "mall_id", "store_id", "source")
_INSERT = Prepared(
    insert(table_of(TimelineEvent))
    .values({name: bindparam(name) for name in _FIELDS})
    .on_conflict_do_nothing(index_elements=["member_id", "kind", "fact"])
)


def record(
    member_id: int,
    *,
    kind: EventKind,
    fact: Fact,
    occurred_at: datetime,
    mall_id: int | None = None,
    store_id: int | None = None,
    source: str = "",
) -> None:
    """Write the behaviour once, with what else waits for the commit; the same (kind, fact) again changes nothing."""
    _INSERT.later(
        {
            "member_id": member_id,
            "kind": kind.value,
            "fact": fact,
            "occurred_at": occurred_at,
            "mall_id": mall_id,
            "store_id": store_id,
            "source": source,
        }
    )


def forget_contacts(member_ids: Sequence[int]) -> None:
    """Take the ids WeCom knows a member by out of the facts; that they added somebody stays."""
    db.session.execute(
        update(TimelineEvent)
        .where(TimelineEvent.member_id.in_(member_ids), TimelineEvent.kind == EventKind.WECOM_ADDED.value)
        .values(fact=literal("wecom:") + cast(TimelineEvent.id, Text))
    )
