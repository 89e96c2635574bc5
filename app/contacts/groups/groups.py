"""What WeCom says of a group is kept: who came, who is gone, and that it is dissolved.

WeCom's events come in any order and may be lost, so each of them only says that a group has changed: who is in it is
asked, and what was asked earlier never takes the place of what was asked later.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.contacts.groups.models import WecomGroup, WecomGroupPerson
from app.kernel.db import db
from app.kernel.security import crypto


def lock(chat_id: str, *, name: str, owner_user_id: str, read_at: datetime) -> WecomGroup | None:
    """The group FOR UPDATE, made if it is new; None when it was read later than `read_at` already."""
    known = insert(WecomGroup).values(chat_id=chat_id, name=name, owner_user_id=owner_user_id, read_at=read_at)
    db.session.execute(known.on_conflict_do_nothing(index_elements=["chat_id"]))
    group = _lock(chat_id)
    if group is None or group.read_at > read_at:
        return None
    group.name, group.owner_user_id = name, owner_user_id
    group.read_at, group.dissolved_at = read_at, None
    db.session.flush()
    return group


def find(chat_id: str) -> WecomGroup | None:
    return db.session.scalar(select(WecomGroup).where(WecomGroup.chat_id == chat_id))


def _lock(chat_id: str) -> WecomGroup | None:
    found = select(WecomGroup).where(WecomGroup.chat_id == chat_id)
    return db.session.scalar(found.with_for_update().execution_options(populate_existing=True))


def list_joined(group_id: int) -> Mapping[str, datetime]:
    """Who is in the group, each with when they joined."""
    rows = db.session.execute(
        select(WecomGroupPerson.external_user_id, WecomGroupPerson.joined_at).where(
            WecomGroupPerson.group_id == group_id, WecomGroupPerson.left_at.is_(None)
        )
    )
    return {row.external_user_id: row.joined_at for row in rows}


def record_joined(group_id: int, external_user_id: str, *, at: datetime) -> bool:
    """The person is in the group since then; False when that is known."""
    statement = insert(WecomGroupPerson).values(group_id=group_id, external_user_id=external_user_id, joined_at=at)
    written = db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["group_id", "external_user_id"],
            set_={"joined_at": at, "left_at": None},
            where=WecomGroupPerson.left_at.is_not(None) | (WecomGroupPerson.joined_at != at),
        ).returning(WecomGroupPerson.group_id)
    )
    return written.first() is not None


def record_left(group_id: int, *, but: Collection[str], at: datetime) -> Sequence[str]:
    """Everybody but these is out of the locked group, at the latest since then; returns who was in it before."""
    in_it = (WecomGroupPerson.group_id == group_id, WecomGroupPerson.left_at.is_(None))
    gone = update(WecomGroupPerson).where(*in_it, WecomGroupPerson.external_user_id.not_in(but))
    left_at = func.greatest(WecomGroupPerson.joined_at, at)
    return db.session.scalars(gone.values(left_at=left_at).returning(WecomGroupPerson.external_user_id)).all()


def dissolve(chat_id: str, *, at: datetime) -> WecomGroup | None:
    """The group is dissolved; returns it, locked, unless it is unknown."""
    group = _lock(chat_id)
    if group is not None:
        group.dissolved_at = group.dissolved_at or at
        group.read_at = max(group.read_at, at)
        db.session.flush()
    return group


def list_of(external_user_ids: Collection[str]) -> Sequence[tuple[WecomGroup, WecomGroupPerson]]:
    """The groups in which people with these ids are or were, those they are in first."""
    rows = db.session.execute(
        select(WecomGroup, WecomGroupPerson)
        .join(WecomGroupPerson, WecomGroupPerson.group_id == WecomGroup.id)
        .where(WecomGroupPerson.external_user_id.in_(external_user_ids))
        .order_by(WecomGroupPerson.left_at.desc().nulls_first(), WecomGroupPerson.joined_at.desc())
    )
    return [(group, person) for group, person in rows]


def forget(external_user_ids: Collection[str]) -> None:
    """Forget who these people in groups are: a digest stays, so that they are not taken for somebody new there."""
    for external_user_id in sorted(external_user_ids):
        theirs = WecomGroupPerson.external_user_id == external_user_id
        db.session.execute(update(WecomGroupPerson).where(theirs).values(external_user_id=digest(external_user_id)))


def digest(external_user_id: str) -> str:
    """What stands for somebody in a group who is no member any more."""
    return f"left:{crypto.memory_digest(external_user_id, purpose='contacts.group')}"
