"""Two members are one, and are two again: their identities and sessions; the rest is a flow's."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_, update

from app.access import audit
from app.access.audit import Actor
from app.identity import queries
from app.identity.errors import MergeNotUndoable
from app.identity.models import (
    IdentityKind,
    Member,
    MemberIdentity,
    MemberMerge,
    MemberSession,
    MemberStatus,
    MergeWhy,
)
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page

ORDER = Order(MemberMerge.merged_at.desc(), MemberMerge.id.desc())


def lock_pair(one_id: int, other_id: int) -> list[Member]:
    """Who the two are by now, locked by ascending id: one member when they are one already; raises NotFound."""
    ids = {queries.get_member(one).id for one in (one_id, other_id)}
    people = [_lock(one) for one in sorted(ids)]
    if any(member.merged_into_id is not None for member in people):
        return lock_pair(one_id, other_id)  # merged a moment ago: look again
    return people


def begin(member: Member, *, into: Member, why: MergeWhy, actor: Actor, now: datetime) -> MemberMerge:
    """Write down that a locked joined member is found to be another; what moves is the caller's, `finish` is last."""
    merge = MemberMerge(
        from_member_id=member.id,
        into_member_id=into.id,
        moved=[],
        carried={},
        why=why.value,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        mall_id=into.home_mall_id,
        merged_at=now,
    )
    db.session.add(merge)
    db.session.flush()
    return merge


def finish(merge: MemberMerge, member: Member, *, into: Member, carried: Mapping[str, Any]) -> None:
    """Let every identity of the member be the other's, and keep what went along, so that it can be undone."""
    moved = _move_identities(member, into)
    member.status, member.merged_into_id = MemberStatus.MERGED.value, into.id
    if into.name_sealed is None:
        into.name_sealed, into.name_index = member.name_sealed, member.name_index
    merge.moved, merge.carried = moved, dict(carried)
    db.session.flush()


def _move_identities(member: Member, into: Member) -> list[list[str]]:
    """Let what one was recognised by be the other's; returns kinds and values."""
    moved = db.session.execute(
        update(MemberIdentity)
        .where(MemberIdentity.member_id == member.id)
        .values(member_id=into.id)
        .returning(MemberIdentity.kind, MemberIdentity.value)
    )
    return sorted([kind, value] for kind, value in moved)


def absorb(visitor: Member, *, into: Member, now: datetime) -> None:
    """Move a visitor's identities to the member they turned out to be; both rows are locked. Kept, so undoable."""
    moved = _move_identities(visitor, into)
    visitor.status = MemberStatus.MERGED.value
    visitor.merged_into_id = into.id
    if into.phone_sealed is None:
        into.phone_sealed, into.phone_masked = visitor.phone_sealed, visitor.phone_masked
    db.session.add(
        MemberMerge(
            from_member_id=visitor.id,
            into_member_id=into.id,
            moved=moved,
            carried={},
            why=MergeWhy.VISITOR.value,
            actor_kind=audit.SYSTEM.kind,
            actor_id=None,
            actor_name=audit.SYSTEM.name,
            mall_id=None,
            merged_at=now,
        )
    )
    db.session.flush()


def lock_merge(merge_id: int) -> tuple[MemberMerge, Member, Member]:
    """A merge that can be undone, with both members, locked by ascending id of the members.

    Raises NotFound, MergeNotUndoable.
    """
    seen = get_merge(merge_id)
    people = {one: _lock(one) for one in sorted((seen.from_member_id, seen.into_member_id))}
    merge = db.session.scalars(
        select(MemberMerge)
        .where(MemberMerge.id == merge_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    member, survivor = people[merge.from_member_id], people[merge.into_member_id]
    if merge.undone_at is not None or member.joined_at is None or member.merged_into_id != survivor.id:
        raise MergeNotUndoable
    if not queries.is_joined(survivor):
        raise MergeNotUndoable
    return merge, member, survivor


def _lock(member_id: int) -> Member:
    """NO KEY UPDATE: a till that holds a coupon may still write the redemption, which refers to the member."""
    locked = select(Member).where(Member.id == member_id).with_for_update(key_share=True)
    return db.session.scalars(locked.execution_options(populate_existing=True)).one()


def get_merge(merge_id: int) -> MemberMerge:
    """The merge; raises NotFound."""
    merge = db.session.get(MemberMerge, merge_id)
    if merge is None:
        raise NotFound(merge_id=merge_id)
    return merge


def list_merges(
    *wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST
) -> Page[tuple[MemberMerge, Member, Member]]:
    """A page of merges with who was merged and into whom, the latest first if not asked otherwise."""
    page = keyset.scalars(select(MemberMerge).where(*wanted), order, asked)
    ids = {one for merge in page for one in (merge.from_member_id, merge.into_member_id)}
    people = {member.id: member for member in db.session.scalars(select(Member).where(Member.id.in_(ids)))}
    return page.with_items([(one, people[one.from_member_id], people[one.into_member_id]) for one in page])


def list_of(member_ids: Sequence[int]) -> Sequence[tuple[MemberMerge, Member]]:
    """Merges of joined members into one of these, undone ones too, the latest first, with who was merged."""
    rows = db.session.execute(
        select(MemberMerge, Member)
        .join(Member, Member.id == MemberMerge.from_member_id)
        .where(MemberMerge.into_member_id.in_(member_ids), Member.joined_at.is_not(None))
        .order_by(MemberMerge.id.desc())
    )
    return [(merge, member) for merge, member in rows]


def undo(merge: MemberMerge, member: Member, survivor: Member, *, returned: Mapping[str, Any], now: datetime) -> None:
    """Give the member back what they were known by, as far as it is the survivor's still; all three are locked.

    Devices that signed in as the survivor since the merge and may be the other's sign in anew.
    """
    moved = [(kind, value) for kind, value in merge.moved]
    if moved:
        db.session.execute(
            update(MemberIdentity)
            .where(
                tuple_(MemberIdentity.kind, MemberIdentity.value).in_(moved),
                MemberIdentity.member_id == survivor.id,
            )
            .values(member_id=member.id)
        )
    _end_sessions(survivor.id, merge.merged_at, moved, now=now)
    member.status, member.merged_into_id = MemberStatus.MEMBER.value, None
    if survivor.name_sealed is not None and survivor.name_sealed == member.name_sealed:
        survivor.name_sealed = survivor.name_index = None
    merge.undone_at, merge.returned = now, dict(returned)
    db.session.flush()


def _end_sessions(survivor_id: int, since: datetime, moved: Sequence[tuple[str, str]], *, now: datetime) -> None:
    theirs = [value for kind, value in moved if kind == IdentityKind.MINI_OPENID.value]
    db.session.execute(
        update(MemberSession)
        .where(
            MemberSession.member_id == survivor_id,
            MemberSession.created_at >= since,
            MemberSession.revoked_at.is_(None),
            MemberSession.openid.is_(None) | MemberSession.openid.in_(theirs),
        )
        .values(revoked_at=now)
    )
