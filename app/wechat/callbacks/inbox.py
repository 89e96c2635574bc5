"""The inbox of callbacks: stored once, answered at once, worked off later by whoever claims an event first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, delete, literal_column, not_, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel import outbox
from app.kernel.db import db
from app.kernel.outbox import Claim, Pauses, Queue
from app.wechat.callbacks.models import OPENID, UNREAD, PlatformEvent

# The last try is about a day after the first.
EVENTS = Queue(
    PlatformEvent,
    lease=timedelta(seconds=60),
    pauses=Pauses(first=timedelta(seconds=2), longest=timedelta(hours=2), most_attempts=20),
)
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class TakenEvent:
    """An event in the hands of a worker."""

    claim: Claim
    id: int
    kind: str
    fact: str
    payload: dict[str, Any]
    occurred_at: datetime
    received_at: datetime


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


def claim(channel: str, *, now: datetime, limit: int) -> Sequence[TakenEvent]:
    """Take the channel's due events for this worker, the oldest first."""
    events = outbox.claim(EVENTS, PlatformEvent.channel == channel, now=now, limit=limit)
    return [_taken(event) for event in sorted(events, key=lambda event: (event.occurred_at, event.id))]


def _taken(event: PlatformEvent) -> TakenEvent:
    return TakenEvent(
        claim=outbox.claim_of(event),
        id=event.id,
        kind=event.kind,
        fact=event.fact,
        payload=event.payload,
        occurred_at=event.occurred_at,
        received_at=event.received_at,
    )


def finish(event: TakenEvent, *, note: str = "", now: datetime) -> None:
    """The event is dealt with; the note says how, where that is not plain."""
    outbox.finish(EVENTS, event.claim, now=now, note=note)


def postpone(event: TakenEvent, *, error: str, now: datetime) -> None:
    """Try the event again later, each time after a longer pause, or give it up in the end."""
    outbox.postpone(EVENTS, event.claim, error=error, now=now)


def list_dead(*, limit: int) -> Sequence[PlatformEvent]:
    """Events that were given up, the oldest first."""
    return outbox.list_dead(EVENTS, limit=limit)


def requeue(event_id: int, *, now: datetime) -> bool:
    """Try an event that was given up again from now on; False when it is not given up any more."""
    return outbox.requeue(EVENTS, (event_id,), now=now)


def act_again(channel: str, facts: Collection[str], *, now: datetime) -> None:
    """Have a worker act on these again, at once, however they stand; a worker that is at it waits at `lock`."""
    again = {"due_at": now, "attempts": 0, "done_at": None, "given_up_at": None}
    which = (PlatformEvent.channel == channel) & PlatformEvent.fact.in_(sorted(facts))
    db.session.execute(update(PlatformEvent).where(which).values(**again))


def lock(event: TakenEvent) -> None:
    """Wait for whoever wants it to be acted on again, and let nobody else until the transaction's end."""
    db.session.execute(select(PlatformEvent.id).where(PlatformEvent.id == event.id).with_for_update())


def list_unclear(channel: str, kind: str, openids: Collection[str], *, since: datetime) -> Sequence[PlatformEvent]:
    """What came of these people and ended in a way that is not plain, the oldest first."""
    event = PlatformEvent
    asked: BindParameter[list[str]] = bindparam("openids", sorted(openids), expanding=True)
    theirs = (event.channel == literal_column("'circle'")) & OPENID.in_(asked)
    return db.session.scalars(
        select(event)
        .where(theirs, event.channel == channel, event.occurred_at >= since, event.kind == kind, event.note != "")
        .order_by(event.occurred_at, event.id)
    ).all()


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
    """Drop every callback about people with these ids at the platforms, dealt with or not, understood or not."""
    payload = PlatformEvent.payload
    read = [payload[name].as_string().in_(ids) for name in ("openid", "external_user_id")]
    text = payload["text"].as_string()
    unread = [and_(PlatformEvent.kind == UNREAD, text.contains(one, autoescape=True)) for one in ids]
    db.session.execute(delete(PlatformEvent).where(or_(*read, *unread)))


def sweep(*, now: datetime) -> int:
    """Drop events dealt with or given up that were received long ago; returns how many."""
    ended = not_(outbox.is_waiting(EVENTS))
    old = delete(PlatformEvent).where(PlatformEvent.received_at < now - KEPT, ended)
    return int(getattr(db.session.execute(old), "rowcount", 0))
