"""The inbox of callbacks: stored once, answered at once, worked off later by whoever takes an event first.

Taking an event moves its `due_at` ahead. A worker that dies leaves it there, and somebody else takes it then; so what a
worker does for an event must be harmless when done twice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db
from app.wechat.callbacks.models import PlatformEvent

LEASE = timedelta(seconds=60)
# The longest pause between two tries, and how many tries there are: the last is about a day after the first.
_LONGEST_PAUSE = timedelta(hours=2)
MOST_ATTEMPTS = 20
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class TakenEvent:
    """An event in the hands of a worker."""

    id: int
    kind: str
    fact: str
    payload: dict[str, Any]
    occurred_at: datetime
    received_at: datetime
    attempts: int


def store(
    channel: str,
    *,
    fact: str,
    kind: str,
    payload: Mapping[str, Any],
    occurred_at: datetime,
    now: datetime,
    due_at: datetime | None,
) -> bool:
    """Keep a callback, once for its fact; False when it was known. Without `due_at` nobody has to act on it."""
    statement = insert(PlatformEvent).values(
        channel=channel,
        fact=fact,
        kind=kind,
        payload=dict(payload),
        occurred_at=occurred_at,
        received_at=now,
        due_at=due_at or now,
        attempts=0,
        done_at=None if due_at else now,
        note="",
    )
    stored = statement.on_conflict_do_nothing(index_elements=["channel", "fact"]).returning(PlatformEvent.id)
    return db.session.execute(stored).first() is not None


def take(channel: str, *, now: datetime, limit: int) -> Sequence[TakenEvent]:
    """The channel's due events, the oldest first, taken for a minute; nobody waits for events in other hands."""
    due = (
        select(PlatformEvent.id)
        .where(PlatformEvent.channel == channel, PlatformEvent.done_at.is_(None), PlatformEvent.due_at <= now)
        .order_by(PlatformEvent.due_at, PlatformEvent.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = db.session.execute(
        update(PlatformEvent)
        .where(PlatformEvent.id.in_(due.scalar_subquery()))
        .values(due_at=now + LEASE, attempts=PlatformEvent.attempts + 1)
        .returning(
            PlatformEvent.id,
            PlatformEvent.kind,
            PlatformEvent.fact,
            PlatformEvent.payload,
            PlatformEvent.occurred_at,
            PlatformEvent.received_at,
            PlatformEvent.attempts,
        )
    ).all()
    return sorted((TakenEvent(*row) for row in taken), key=lambda event: (event.occurred_at, event.id))


def finish(event: TakenEvent, *, note: str = "", now: datetime) -> None:
    """The event is dealt with; the note says how, where that is not plain."""
    _settle(event, done_at=now, note=note)


def put_off(event: TakenEvent, *, note: str, now: datetime) -> None:
    """Try the event again later, each time after a longer pause; give it up in the end, with the note as the reason."""
    if event.attempts >= MOST_ATTEMPTS:
        _settle(event, done_at=now, note=f"given up: {note}")
        return
    pause = min(timedelta(seconds=2) * 2 ** (event.attempts - 1), _LONGEST_PAUSE)
    _settle(event, due_at=now + pause, note=note)


def _settle(event: TakenEvent, **values: Any) -> None:
    # Whoever took it meanwhile, because this worker was slow, has it now.
    db.session.execute(
        update(PlatformEvent)
        .where(
            PlatformEvent.id == event.id,
            PlatformEvent.done_at.is_(None),
            PlatformEvent.attempts == event.attempts,
        )
        .values(**values)
    )


def find_payload(channel: str, *, fact: str) -> Mapping[str, Any] | None:
    """What the callback with this fact said, whether or not it is worked off."""
    return db.session.scalar(
        select(PlatformEvent.payload).where(PlatformEvent.channel == channel, PlatformEvent.fact == fact)
    )


def count_accepts(*, openid: str, template_id: str, since: datetime, until: datetime, up_to_id: int) -> int:
    """How many pushed dialogs of this person accepted the template within the times, up to an event."""
    wanted = [{"template_id": template_id, "status": "accept"}]
    rows = db.session.scalars(
        select(PlatformEvent.id).where(
            PlatformEvent.channel == "mini",
            PlatformEvent.received_at >= since,
            PlatformEvent.occurred_at.between(since, until),
            PlatformEvent.payload["openid"].as_string() == openid,
            PlatformEvent.payload["items"].contains(wanted),
            PlatformEvent.id <= up_to_id,
        )
    )
    return len(rows.all())


def forget(ids: Collection[str]) -> None:
    """Drop every callback about people with these ids at the platforms, dealt with or not."""
    payload = PlatformEvent.payload
    db.session.execute(
        delete(PlatformEvent).where(
            or_(payload["openid"].as_string().in_(ids), payload["external_user_id"].as_string().in_(ids))
        )
    )


def sweep(*, now: datetime) -> int:
    """Drop events dealt with that were received long ago; returns how many."""
    old = delete(PlatformEvent).where(PlatformEvent.received_at < now - KEPT, PlatformEvent.done_at.is_not(None))
    return int(getattr(db.session.execute(old), "rowcount", 0))
