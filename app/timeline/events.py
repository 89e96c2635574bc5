"""Writing the timeline."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import FromClause, Text, bindparam, cast, literal, update
from sqlalchemy.dialects.postgresql import Insert, insert

from app.kernel import clock
from app.kernel.db import db, table_of
from app.kernel.facts import Fact
from app.kernel.fastpath import fragments
from app.kernel.fastpath.prepared import Prepared
from app.timeline.models import EventKind, TimelineEvent

_FIELDS = ("member_id", "kind", "fact", "occurred_at", "mall_id", "store_id", "source", "late_on")
_UNIQUE = ("member_id", "kind", "fact")
_INSERT = Prepared(
    insert(table_of(TimelineEvent))
    .values({name: bindparam(name) for name in _FIELDS})
    .on_conflict_do_nothing(index_elements=_UNIQUE)
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
    write(
        row(
            member_id,
            kind=kind,
            fact=fact,
            occurred_at=occurred_at,
            mall_id=mall_id,
            store_id=store_id,
            source=source,
        )
    )


def write(event: dict[str, Any]) -> None:
    """As `record`, for a behaviour whose values `row` has made."""
    _INSERT.later(event)


def row(
    member_id: int,
    *,
    kind: EventKind,
    fact: Fact,
    occurred_at: datetime,
    mall_id: int | None = None,
    store_id: int | None = None,
    source: str = "",
) -> dict[str, Any]:
    """The values of a behaviour, as `record` writes them."""
    return {
        "member_id": member_id,
        "kind": kind.value,
        "fact": fact,
        "occurred_at": occurred_at,
        "mall_id": mall_id,
        "store_id": store_id,
        "source": source,
        "late_on": late_on(occurred_at, today=clock.business_date(clock.now())),
    }


def late_on(occurred_at: datetime, *, today: date) -> date | None:
    """Today, for what is about a day that is over; None for what is about today."""
    return today if clock.business_date(occurred_at) < today else None


def insert_for_each(origin: FromClause, *, prefix: str) -> Insert:
    """What `record` writes, as a part of a larger statement; its values are those of `row`."""
    part = fragments.insert_for_each(origin, table_of(TimelineEvent), _FIELDS, prefix=prefix)
    return part.on_conflict_do_nothing(index_elements=_UNIQUE)


def forget_contacts(member_ids: Sequence[int]) -> None:
    """Take the ids WeCom knows a member by out of the facts; that they added somebody stays."""
    db.session.execute(
        update(TimelineEvent)
        .where(TimelineEvent.member_id.in_(member_ids), TimelineEvent.kind == EventKind.WECOM_ADDED.value)
        .values(fact=literal("wecom:") + cast(TimelineEvent.id, Text))
    )
