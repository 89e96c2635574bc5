"""The greeting a new contact is owed: it must leave within 20 seconds, and only once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.contacts.models import ContactGreeting, GreetingStatus
from app.kernel.db import db

GREETING_LIFE = timedelta(seconds=20)
# How long a worker may have a greeting before another one tries; the code works once, so that two cannot greet twice.
_LEASE = timedelta(seconds=4)


@dataclass(frozen=True, slots=True)
class DueGreeting:
    """A greeting in the hands of a worker."""

    id: int
    fact: str
    scene: str
    welcome_code: str
    expires_at: datetime


def queue(*, fact: str, scene: str, welcome_code: str, now: datetime) -> bool:
    """Owe a new contact a greeting, once for the event; False when it was known."""
    statement = insert(ContactGreeting).values(
        fact=fact,
        scene=scene,
        welcome_code=welcome_code,
        queued_at=now,
        expires_at=now + GREETING_LIFE,
        due_at=now,
        attempts=0,
        status=GreetingStatus.DUE.value,
        reason="",
    )
    queued = statement.on_conflict_do_nothing(index_elements=["fact"]).returning(ContactGreeting.id)
    return db.session.execute(queued).first() is not None


def take_due(*, now: datetime, limit: int) -> Sequence[DueGreeting]:
    """Greetings to send now, the most urgent first, taken for a few seconds."""
    due = (
        select(ContactGreeting.id)
        .where(ContactGreeting.status == GreetingStatus.DUE.value, ContactGreeting.due_at <= now)
        .order_by(ContactGreeting.due_at, ContactGreeting.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = db.session.execute(
        update(ContactGreeting)
        .where(ContactGreeting.id.in_(due.scalar_subquery()))
        .values(due_at=now + _LEASE, attempts=ContactGreeting.attempts + 1)
        .returning(
            ContactGreeting.id,
            ContactGreeting.fact,
            ContactGreeting.scene,
            ContactGreeting.welcome_code,
            ContactGreeting.expires_at,
        )
    ).all()
    return sorted((DueGreeting(*row) for row in rows), key=lambda greeting: (greeting.expires_at, greeting.id))


def settle(greeting_id: int, *, status: GreetingStatus, reason: str = "", now: datetime) -> None:
    """Say how a greeting ended; the first word counts."""
    db.session.execute(
        update(ContactGreeting)
        .where(ContactGreeting.id == greeting_id, ContactGreeting.status == GreetingStatus.DUE.value)
        .values(status=status.value, reason=reason, settled_at=now, welcome_code=None)
    )


def retry(greeting_id: int, *, reason: str, now: datetime) -> None:
    """Try again in a second."""
    db.session.execute(
        update(ContactGreeting)
        .where(ContactGreeting.id == greeting_id, ContactGreeting.status == GreetingStatus.DUE.value)
        .values(due_at=now + timedelta(seconds=1), reason=reason)
    )
