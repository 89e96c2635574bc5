"""WeCom contacts: who they are, whom of our staff they have, and the greeting they are owed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from app.identity import members
from app.identity.contact_models import ContactGreeting, GreetingStatus, WecomContact
from app.identity.models import IdentityKind, Member
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


def link(external_user_id: str, unionid: str | None, *, home_mall_id: int, now: datetime) -> Member:
    """The member this contact is, by unionid if WeCom knows it; somebody new to us becomes a visitor."""
    identities = {IdentityKind.WECOM_EXTERNAL: external_user_id}
    if unionid:
        # First, because it is the person's own; the contact's id is only the corp's.
        identities = {IdentityKind.UNIONID: unionid, **identities}
    return members.recognise(identities, home_mall_id=home_mall_id, now=now)


def record_added(external_user_id: str, user_id: str, *, entrance_id: int | None, at: datetime) -> None:
    """The person has the member of staff as a contact since `at`; an event older than the last one changes nothing."""
    _record(external_user_id, user_id, at, {"entrance_id": entrance_id, "added_at": at, "removed_at": None})


def record_removed(external_user_id: str, user_id: str, *, at: datetime) -> None:
    """One of the two deleted the other at `at`; an event older than the last one changes nothing."""
    _record(external_user_id, user_id, at, {"removed_at": at})


def _record(external_user_id: str, user_id: str, at: datetime, values: dict[str, object]) -> None:
    statement = insert(WecomContact).values(external_user_id=external_user_id, user_id=user_id, changed_at=at, **values)
    # Events come in any order; two within one second cannot be told apart, and the later arrival wins.
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["external_user_id", "user_id"],
            set_={**values, "changed_at": at},
            where=WecomContact.changed_at <= at,
        )
    )


def find_contact(external_user_id: str, user_id: str) -> WecomContact | None:
    return db.session.get(WecomContact, (external_user_id, user_id), populate_existing=True)


def queue_greeting(*, fact: str, scene: str, welcome_code: str, now: datetime) -> bool:
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


def take_due_greetings(*, now: datetime, limit: int) -> Sequence[DueGreeting]:
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


def settle_greeting(greeting_id: int, *, status: GreetingStatus, reason: str = "", now: datetime) -> None:
    """Say how a greeting ended; the first word counts."""
    db.session.execute(
        update(ContactGreeting)
        .where(ContactGreeting.id == greeting_id, ContactGreeting.status == GreetingStatus.DUE.value)
        .values(status=status.value, reason=reason, settled_at=now, welcome_code=None)
    )


def retry_greeting(greeting_id: int, *, reason: str, now: datetime) -> None:
    """Try again in a second."""
    db.session.execute(
        update(ContactGreeting)
        .where(ContactGreeting.id == greeting_id, ContactGreeting.status == GreetingStatus.DUE.value)
        .values(due_at=now + timedelta(seconds=1), reason=reason)
    )


def forget(external_user_ids: Collection[str]) -> None:
    """Forget whose contacts these people are, and the greetings they were owed."""
    db.session.execute(delete(WecomContact).where(WecomContact.external_user_id.in_(external_user_ids)))
    for external in external_user_ids:
        named = ContactGreeting.fact.contains(f"|{external}|", autoescape=True)
        db.session.execute(delete(ContactGreeting).where(named))
