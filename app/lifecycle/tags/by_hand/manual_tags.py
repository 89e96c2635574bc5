"""Giving words to members and taking them back; a mall's words with their owners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.access.audit import Actor
from app.identity import queries as members
from app.identity.profiles import queries as profiles
from app.kernel.db import add_unless_taken, db
from app.kernel.errors import NotFound
from app.lifecycle.tags.by_hand import queries
from app.lifecycle.tags.by_hand.errors import ManualTagTaken, ProfilingOff, TooManyManualTags
from app.lifecycle.tags.by_hand.models import ManualTag, MemberManualTag

MOST_NAME = 12
MOST_OF_MALL = 500
MOST_OF_MEMBER = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Giver:
    """Who gives a tag, for which mall."""

    staff_id: int
    name: str
    mall_id: int

    @classmethod
    def of(cls, actor: Actor, mall_id: int) -> "Giver":
        """The member of staff who acts; raises NotFound for who is none."""
        if actor.id is None:
            raise NotFound(actor=actor.name)
        return cls(staff_id=actor.id, name=actor.name, mall_id=mall_id)


def give(member_id: int, name: str, by: Giver, *, note: str, now: datetime) -> MemberManualTag | None:
    """Put a word of the mall to a member; a word that is new is the giver's. None when the member bears it already.

    Raises NotFound, ProfilingOff and TooManyManualTags.
    """
    member = members.lock_member(member_id)
    if profiles.get_profile(member.id).profiling_off_at is not None:
        raise ProfilingOff
    borne = queries.list_of_member(members.list_person_ids(member.id), mall_id=by.mall_id)
    if any(tag.name == name for _, tag in borne):
        return None
    if len(borne) >= MOST_OF_MEMBER:
        raise TooManyManualTags(most=MOST_OF_MEMBER)
    tag = queries.hold_by_name(by.mall_id, name) or _make(name, by, now=now)
    row = MemberManualTag(
        member_id=member.id, tag_id=tag.id, note=note, given_by=by.staff_id, given_by_name=by.name, given_at=now
    )
    db.session.add(row)
    db.session.flush()
    return row


def _make(name: str, by: Giver, *, now: datetime) -> ManualTag:
    """Two who think of the same new word have one."""
    count = db.session.scalar(select(func.count()).select_from(ManualTag).where(ManualTag.mall_id == by.mall_id))
    if (count or 0) >= MOST_OF_MALL:
        raise TooManyManualTags(most=MOST_OF_MALL)
    values = {"owner_id": by.staff_id, "owner_name": by.name, "created_at": now}
    made = insert(ManualTag).values(mall_id=by.mall_id, name=name, note="", **values).on_conflict_do_nothing()
    db.session.execute(made)
    tag = queries.hold_by_name(by.mall_id, name)
    if tag is None:
        raise NotFound(tag=name)
    return tag


def take(member_id: int, tag_id: int, *, mall_id: int) -> ManualTag | None:
    """Take a word from a member; None when they do not bear it any more. Raises NotFound for a word of another mall."""
    tag = queries.get(tag_id, mall_id=mall_id)
    person_ids = members.list_person_ids(member_id)
    one = MemberManualTag
    gone = delete(one).where(one.member_id.in_(person_ids), one.tag_id == tag.id).returning(one.tag_id)
    return tag if db.session.execute(gone).first() else None


def change(tag_id: int, *, mall_id: int, name: str, note: str) -> ManualTag:
    """Call a word otherwise and say what it means; raises NotFound and ManualTagTaken."""
    tag = queries.get(tag_id, mall_id=mall_id)
    known = queries.find_by_name(mall_id, name)
    if known is not None and known.id != tag.id:
        raise ManualTagTaken(name=name)
    tag.name, tag.note = name, note
    add_unless_taken(tag, "uq_manual_tags_", ManualTagTaken(name=name))
    return tag


def take_over(tag_id: int, by: Giver) -> ManualTag:
    """Answer for a word from now on. Raises NotFound."""
    tag = queries.get(tag_id, mall_id=by.mall_id)
    tag.owner_id, tag.owner_name = by.staff_id, by.name
    db.session.flush()
    return tag


def remove(tag_id: int, *, mall_id: int) -> ManualTag:
    """Give a word up: nobody bears it any more. Raises NotFound."""
    tag = queries.lock(tag_id, mall_id=mall_id)
    db.session.execute(delete(MemberManualTag).where(MemberManualTag.tag_id == tag.id))
    db.session.delete(tag)
    db.session.flush()
    return tag


def forget(member_ids: Sequence[int]) -> None:
    """Take the words from members who leave or switched profiling off."""
    db.session.execute(delete(MemberManualTag).where(MemberManualTag.member_id.in_(member_ids)))
