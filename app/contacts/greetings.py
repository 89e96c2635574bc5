"""The greeting a new contact is owed: it must leave within 20 seconds, and only once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert

from app.contacts.models import ContactGreeting, GreetingStatus
from app.kernel import outbox
from app.kernel.db import db
from app.kernel.outbox import Claim, Pauses, Queue

GREETING_LIFE = timedelta(seconds=20)
# The welcome code works once, so that two workers cannot greet twice; its 20 seconds end the tries.
GREETINGS = Queue(
    ContactGreeting,
    lease=timedelta(seconds=4),
    pauses=Pauses(first=timedelta(seconds=1), longest=timedelta(seconds=1)),
)


@dataclass(frozen=True, slots=True)
class DueGreeting:
    """A greeting in the hands of a worker."""

    claim: Claim
    fact: str
    scene: str
    welcome_code: str
    expires_at: datetime


def queue(*, fact: str, external_user_id: str, scene: str, welcome_code: str, now: datetime) -> bool:
    """Owe a new contact a greeting, once for the event; False when it was known."""
    statement = insert(ContactGreeting).values(
        fact=fact,
        external_user_id=external_user_id,
        scene=scene,
        welcome_code=welcome_code,
        queued_at=now,
        expires_at=now + GREETING_LIFE,
        due_at=now,
        attempts=0,
        status=GreetingStatus.DUE.value,
    )
    queued = statement.on_conflict_do_nothing(index_elements=["fact"]).returning(ContactGreeting.id)
    return db.session.execute(queued).first() is not None


def claim(*, now: datetime, limit: int) -> Sequence[DueGreeting]:
    """Take greetings to send now for this worker, the most urgent first."""
    due = outbox.claim(GREETINGS, now=now, limit=limit)
    return [_due(greeting) for greeting in sorted(due, key=lambda greeting: (greeting.expires_at, greeting.id))]


def _due(greeting: ContactGreeting) -> DueGreeting:
    if greeting.welcome_code is None:
        raise AssertionError("a greeting keeps its code until it ends")
    return DueGreeting(
        claim=outbox.claim_of(greeting),
        fact=greeting.fact,
        scene=greeting.scene,
        welcome_code=greeting.welcome_code,
        expires_at=greeting.expires_at,
    )


def finish(greeting: DueGreeting, *, now: datetime) -> None:
    """The platform has taken it."""
    outbox.finish(GREETINGS, greeting.claim, now=now, status=GreetingStatus.SENT.value, welcome_code=None)


def give_up(greeting: DueGreeting, *, status: GreetingStatus, error: str, now: datetime) -> None:
    """It was too late, or the platform refused it: nobody will be greeted any more."""
    outbox.give_up(GREETINGS, greeting.claim, error=error, now=now, status=status.value, welcome_code=None)


def postpone(greeting: DueGreeting, *, error: str, now: datetime) -> None:
    """Try again in a second."""
    outbox.postpone(GREETINGS, greeting.claim, error=error, now=now)
