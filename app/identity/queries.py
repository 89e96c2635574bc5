"""Reading members, identities, consents and plates."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ARRAY, Select, Text, any_, bindparam, select

from app.identity.errors import MemberRequired, SignedInAsMember
from app.identity.models import ConsentDocument, IdentityKind, Member, MemberIdentity, MemberStatus
from app.kernel.db import Moment, db, table_of
from app.kernel.errors import NotFound
from app.kernel.fastpath import savepoints
from app.kernel.fastpath.entities import PreparedEntities
from app.kernel.fastpath.prepared import Prepared
from app.kernel.security import crypto
from app.kernel.spelling import names

NAME_PURPOSE = "member.name"


def name_index(name: str) -> str:
    """The blind index of a member's name, however it is spaced and written."""
    return crypto.blind_index(names.plain_name(name), purpose=NAME_PURPOSE)


_Asked = TypeVar("_Asked")


_MEMBERS = table_of(Member)
_ROW = select(_MEMBERS).where(_MEMBERS.c.id == bindparam("member_id")).with_for_update(key_share=True)
_LOCKED = PreparedEntities(Member, _ROW.where(_MEMBERS.c.merged_into_id.is_(None)), refresh=True)


def get_member(member_id: int) -> Member:
    """The member, following merges; raises NotFound."""
    member = db.session.get(Member, member_id)
    while member is not None and member.merged_into_id is not None:
        member = db.session.get(Member, member.merged_into_id)
    if member is None:
        raise NotFound(member_id=member_id)
    return member


def lock_member(member_id: int) -> Member:
    """Who the member is now, locked: merges are followed, so act on the returned one; raises NotFound.

    FOR NO KEY UPDATE: a till that holds a coupon may still write the redemption, which refers to the member; if it had
    to wait, that were a deadlock with whoever holds the member and wants the coupon. First in the lock order. The
    rows of who was merged earlier are not locked on the way.
    """
    return _lock_unmerged(member_id) or lock_member(_follow(member_id))


def lock_joined(member_id: int) -> Member:
    """As `lock_member`, for what only members may do; raises MemberRequired."""
    member = lock_member(member_id)
    if not is_joined(member):
        raise MemberRequired
    return member


def _lock_unmerged(member_id: int) -> Member | None:
    """The member's row, locked; None, without waiting for it, when it says that they are somebody else."""
    return _LOCKED.first(member_id=member_id)


def _follow(member_id: int) -> int:
    """Into whom a member was merged, or they themselves, as it is at this moment; raises NotFound."""
    row = db.session.execute(select(Member.id, Member.merged_into_id).where(Member.id == member_id)).first()
    if row is None:
        raise NotFound(member_id=member_id)
    return row.id if row.merged_into_id is None else _follow(row.merged_into_id)


def lock_people(find: Callable[[], Sequence[int]]) -> list[Member]:
    """Everybody whom `find` names, locked, each once, in its order; empty when it names nobody.

    The rule of every verb that touches who somebody is: lock, follow merges, look again, then act. `find` is asked
    again under the locks; when it names others by then, the locks are given back: locks in no order end in deadlocks.
    """
    wanted = _people(find(), known={})
    while wanted:
        savepoints.take()
        held = {member_id: _lock_unmerged(member_id) for member_id in sorted(wanted)}
        again = _people(find(), known=held)
        if again == wanted and None not in held.values():
            savepoints.keep()
            return [member for member_id in wanted if (member := held[member_id]) is not None]
        savepoints.undo()
        wanted = again
    return []


def _people(member_ids: Sequence[int], *, known: Mapping[int, Member | None]) -> list[int]:
    """Who they are, each once; whoever is `known` as a locked row is not asked about."""
    return list(dict.fromkeys(one if known.get(one) is not None else _follow(one) for one in member_ids))


def find_member_by_public_id(public_id: str) -> Member | None:
    return db.session.scalar(select(Member).where(Member.public_id == public_id))


def find_member_id(kind: IdentityKind, value: str) -> int | None:
    """Whose identity this is; phones by their blind index."""
    row = _OWNER.first(kind=kind.value, value=value)
    return None if row is None else int(row.member_id)


_OWNER = Prepared(
    select(MemberIdentity.member_id).where(
        MemberIdentity.kind == bindparam("kind"), MemberIdentity.value == bindparam("value")
    )
)
_OWNERS = Prepared(
    select(MemberIdentity.kind, MemberIdentity.value, MemberIdentity.member_id).where(
        MemberIdentity.kind == any_(bindparam("kinds", type_=ARRAY(Text))),
        MemberIdentity.value == any_(bindparam("identities", type_=ARRAY(Text))),
    )
)


def owners_of(identities: Mapping[IdentityKind, str]) -> dict[str, int]:
    """Kind → member_id of those identities that are known."""
    asked = {kind.value: value for kind, value in identities.items()}
    rows = _OWNERS.all(kinds=list(asked), identities=list(asked.values()))
    return {row.kind: row.member_id for row in rows if row.value == asked[row.kind]}


def find_by_phones(indexes: Collection[str]) -> dict[str, int]:
    """Blind index → member_id of those phones that are somebody's."""
    rows = db.session.execute(
        select(MemberIdentity.value, MemberIdentity.member_id).where(
            MemberIdentity.kind == IdentityKind.PHONE.value, MemberIdentity.value.in_(indexes)
        )
    )
    return {row.value: row.member_id for row in rows}


def list_identities(member_id: int, kind: IdentityKind) -> Sequence[MemberIdentity]:
    """The member's identities of a kind, the oldest first."""
    return db.session.scalars(
        select(MemberIdentity)
        .where(MemberIdentity.member_id == member_id, MemberIdentity.kind == kind.value)
        .order_by(MemberIdentity.bound_at, MemberIdentity.value)
    ).all()


def list_values(member_ids: Sequence[int], kinds: Sequence[IdentityKind]) -> Sequence[tuple[str, str]]:
    """Kind and value of what the members are recognised by."""
    rows = db.session.execute(
        select(MemberIdentity.kind, MemberIdentity.value).where(
            MemberIdentity.member_id.in_(member_ids), MemberIdentity.kind.in_([kind.value for kind in kinds])
        )
    )
    return [(kind, value) for kind, value in rows]


def list_bearers(member_ids: Collection[int], kinds: Sequence[IdentityKind]) -> Sequence[tuple[int, tuple[str, str]]]:
    """Which of many members is recognised by what: the member, and kind and value of each identity."""
    rows = db.session.execute(
        select(MemberIdentity.member_id, MemberIdentity.kind, MemberIdentity.value).where(
            MemberIdentity.member_id.in_(member_ids), MemberIdentity.kind.in_([kind.value for kind in kinds])
        )
    )
    return [(member_id, (kind, value)) for member_id, kind, value in rows]


def find_identity(member_id: int, kind: IdentityKind) -> str | None:
    """The member's newest identity of a kind, such as the openid to send to."""
    return db.session.scalar(
        select(MemberIdentity.value)
        .where(MemberIdentity.member_id == member_id, MemberIdentity.kind == kind.value)
        .order_by(MemberIdentity.bound_at.desc(), MemberIdentity.value)
        .limit(1)
    )


def find_document(kind: str, *, now: datetime) -> ConsentDocument | None:
    """The newest text of a kind that is in force, if there is one."""
    return db.session.scalar(_in_force(select(ConsentDocument)), {"kind": kind, "now": now})


def current_document(kind: str, *, now: datetime) -> ConsentDocument:
    """The newest text of a kind that is in force; raises NotFound."""
    document = find_document(kind, now=now)
    if document is None:
        raise NotFound(document=kind)
    return document


def current_version(kind: str, *, now: datetime) -> str:
    """The version of the text that is in force, without the text; raises NotFound."""
    found = _VERSION.first(kind=kind, now=now)
    if found is None:
        raise NotFound(document=kind)
    return str(found.version)


def _in_force(query: Select[tuple[_Asked]]) -> Select[tuple[_Asked]]:
    """By the parameters `kind` and `now`."""
    return (
        query.where(
            ConsentDocument.kind == bindparam("kind"), ConsentDocument.effective_from <= bindparam("now", type_=Moment)
        )
        .order_by(ConsentDocument.effective_from.desc(), ConsentDocument.version.desc())
        .limit(1)
    )


_VERSION = Prepared(_in_force(select(ConsentDocument.version)))


def is_visitor(member_id: int) -> bool:
    """Whether somebody has neither joined nor been found to be somebody else by now; looked up anew."""
    return db.session.scalar(select(Member.status).where(Member.id == member_id)) == MemberStatus.VISITOR.value


def is_joined(member: Member) -> bool:
    return member.status == MemberStatus.MEMBER.value


def has_left(member: Member) -> bool:
    return member.status == MemberStatus.CLOSED.value


def ensure_member_phone(index: str, *, asked_by: Member) -> None:
    """The phone is that of somebody who has joined, themselves or another; else raises SignedInAsMember."""
    owner_id = find_member_id(IdentityKind.PHONE, index)
    if owner_id is None or not is_joined(get_member(owner_id)):
        raise SignedInAsMember(phone=asked_by.phone_masked)


def list_person_ids(member_id: int) -> list[int]:
    """The member and all who were found to be them, ascending: rows keep the number under which they were written."""
    known, fresh = {member_id}, {member_id}
    while fresh:
        merged = db.session.scalars(select(Member.id).where(Member.merged_into_id.in_(fresh))).all()
        fresh = set(merged) - known
        known |= fresh
    return sorted(known)
