"""WeCom contacts: who they are, whom of our staff they have, and the greeting they are owed."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.contacts.models import ContactGreeting, WecomContact
from app.identity import members
from app.identity.models import IdentityKind, Member
from app.kernel.db import db


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


def list_of(external_user_ids: Collection[str]) -> Sequence[WecomContact]:
    """Whom of our staff people with these ids have, or had, the latest change first."""
    theirs = WecomContact.external_user_id.in_(external_user_ids)
    return db.session.scalars(select(WecomContact).where(theirs).order_by(WecomContact.changed_at.desc())).all()


def forget(external_user_ids: Collection[str]) -> None:
    """Forget whose contacts these people are, and the greetings they were owed."""
    db.session.execute(delete(WecomContact).where(WecomContact.external_user_id.in_(external_user_ids)))
    db.session.execute(delete(ContactGreeting).where(ContactGreeting.external_user_id.in_(external_user_ids)))
