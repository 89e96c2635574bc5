"""Reading the words of a mall, and who bears them."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, func, or_, select

from app.identity import people
from app.identity.models import Member
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.lifecycle.tags.by_hand.models import ManualTag, MemberManualTag


def get(tag_id: int, *, mall_id: int) -> ManualTag:
    """A word of the mall; raises NotFound, also for one of another mall."""
    tag = db.session.get(ManualTag, tag_id)
    if tag is None or tag.mall_id != mall_id:
        raise NotFound(tag=tag_id)
    return tag


def lock(tag_id: int, *, mall_id: int) -> ManualTag:
    """A word of the mall that nobody gives meanwhile; raises NotFound."""
    one = select(ManualTag).where(ManualTag.id == tag_id, ManualTag.mall_id == mall_id).with_for_update()
    tag = db.session.scalar(one)
    if tag is None:
        raise NotFound(tag=tag_id)
    return tag


def hold_by_name(mall_id: int, name: str) -> ManualTag | None:
    """The mall's word of this name, which nobody gives up until the end of the transaction."""
    one = select(ManualTag).where(ManualTag.mall_id == mall_id, ManualTag.name == name)
    return db.session.scalar(one.with_for_update(read=True))


def find_by_name(mall_id: int, name: str) -> ManualTag | None:
    """The mall's word of this name."""
    return db.session.scalar(select(ManualTag).where(ManualTag.mall_id == mall_id, ManualTag.name == name))


def get_by_name(mall_id: int, name: str) -> ManualTag:
    """The same for a word that is there; raises NotFound."""
    tag = find_by_name(mall_id, name)
    if tag is None:
        raise NotFound(tag=name)
    return tag


def list_words(mall_id: int) -> Sequence[ManualTag]:
    """The mall's words by name."""
    return db.session.scalars(select(ManualTag).where(ManualTag.mall_id == mall_id).order_by(ManualTag.name)).all()


def count_members(tag_ids: Collection[int]) -> Mapping[int, int]:
    """How many members bear each of the words; those that nobody bears are left out."""
    one = MemberManualTag
    rows = select(one.tag_id, func.count()).where(one.tag_id.in_(tag_ids)).group_by(one.tag_id)
    return dict(db.session.execute(rows).tuples().all())


def list_of_member(person_ids: Collection[int], *, mall_id: int) -> list[tuple[MemberManualTag, ManualTag]]:
    """The mall's words that a person bears, under any of their numbers, each once, the latest first."""
    one = MemberManualTag
    rows = db.session.execute(
        select(one, ManualTag)
        .join(ManualTag, ManualTag.id == one.tag_id)
        .where(one.member_id.in_(person_ids), ManualTag.mall_id == mall_id)
        .order_by(one.given_at.desc(), one.tag_id)
    )
    found = {tag.id: (row, tag) for row, tag in reversed(rows.tuples().all())}
    return list(reversed(found.values()))


def bears(tag_id: int) -> ColumnElement[bool]:
    """The condition that a member bears a word, under whatever number it was put to them."""
    one, whose = MemberManualTag, people.list_numbers()
    under_old = select(one.member_id).where(one.tag_id == tag_id, one.member_id.in_(whose))
    persons = {whose[number] for number in db.session.scalars(under_old)} if whose else set()
    now = Member.id.in_(select(one.member_id).where(one.tag_id == tag_id))
    return or_(now, Member.id.in_(persons)) if persons else now
