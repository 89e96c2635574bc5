"""A member leaves: what we knew them by is unbound and erased, and the number stays for the facts that bear it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from app.identity import queries
from app.identity.errors import MemberClosed
from app.identity.models import (
    ConsentRecord,
    IdentityKind,
    Member,
    MemberIdentity,
    MemberMerge,
    MemberPreference,
    MemberSession,
    MemberStatus,
)
from app.identity.profiles import profiles
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.verification.models import SmsCode

# What the platforms call a person; other rows may bear these, too.
PLATFORM_KINDS = (
    IdentityKind.MINI_OPENID,
    IdentityKind.OA_OPENID,
    IdentityKind.UNIONID,
    IdentityKind.WECOM_EXTERNAL,
)


def lock_person(member_id: int) -> tuple[Member, list[int]]:
    """The member and all who were merged into them, locked by ascending id; raises NotFound, MemberClosed.

    NO KEY UPDATE: a till that holds a coupon may still write the redemption, which refers to the member. It keeps out
    whoever locks the member as always.
    """
    found = {person_id: _lock(person_id) for person_id in queries.list_person_ids(member_id)}
    member = found[member_id]
    if member is None:
        raise NotFound(member_id=member_id)
    if member.merged_into_id is not None:
        return lock_person(member.merged_into_id)
    if queries.has_left(member):
        raise MemberClosed
    # Nobody can be merged into a locked member: whoever came between is known by now.
    return member, queries.list_person_ids(member_id)


def _lock(person_id: int) -> Member | None:
    return db.session.scalar(
        select(Member)
        .where(Member.id == person_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def close(member: Member, person_ids: Sequence[int], *, now: datetime) -> list[str]:
    """Unbind and erase everything that says who a locked member is, end their sessions, withdraw their consents.

    The other packages come first: giving up the card number locks out whoever refers to the member.
    Returns the names by which platforms knew them, for whoever else has rows that bear these.
    """
    unbound = db.session.execute(
        delete(MemberIdentity)
        .where(MemberIdentity.member_id.in_(person_ids))
        .returning(MemberIdentity.kind, MemberIdentity.value)
    ).all()
    _forget_phones([row.value for row in unbound if row.kind == IdentityKind.PHONE.value])
    _end_sessions(person_ids, now=now)
    _forget_wishes(person_ids, now=now)
    _blank(person_ids)
    member.status, member.closed_at = MemberStatus.CLOSED.value, now
    db.session.flush()
    return [row.value for row in unbound if row.kind in PLATFORM_KINDS]


def _forget_phones(indexes: Sequence[str]) -> None:
    db.session.execute(delete(SmsCode).where(SmsCode.phone_index.in_(indexes)))


def _end_sessions(person_ids: Sequence[int], *, now: datetime) -> None:
    theirs = MemberSession.member_id.in_(person_ids)
    db.session.execute(update(MemberSession).where(theirs, MemberSession.revoked_at.is_(None)).values(revoked_at=now))
    db.session.execute(update(MemberSession).where(theirs).values(openid=None))


def _forget_wishes(person_ids: Sequence[int], *, now: datetime) -> None:
    """Consents stay as a proof that they were given, with the time of their end."""
    profiles.forget(person_ids)
    db.session.execute(delete(MemberPreference).where(MemberPreference.member_id.in_(person_ids)))
    db.session.execute(
        update(ConsentRecord)
        .where(ConsentRecord.member_id.in_(person_ids), ConsentRecord.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )


def _blank(person_ids: Sequence[int]) -> None:
    """The rows of the person without the person; a merge with somebody who has left cannot be undone."""
    db.session.execute(
        update(Member)
        .where(Member.id.in_(person_ids))
        .values(phone_sealed=None, phone_masked=None, name_sealed=None, name_index=None, card_no=None)
    )
    db.session.execute(update(MemberMerge).where(MemberMerge.into_member_id.in_(person_ids)).values(moved=[]))
