"""Reading computed tags.

A night that was counting while somebody switched profiling off may write their tags once more, until the next one takes
them away: nobody reads those.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, select

from app.identity.models import Member
from app.identity.profiles import queries as profiles
from app.kernel.db import db
from app.lifecycle.tags.computed.models import MemberTag, TagCount, TagNight


def find_night() -> TagNight | None:
    """The latest night that worked tags out."""
    return db.session.scalar(select(TagNight).order_by(TagNight.day.desc()).limit(1))


def list_tags(member_id: int) -> Sequence[MemberTag]:
    """What a member bears, the strongest first."""
    one = MemberTag
    rows = select(one).where(one.member_id == member_id, profiles.is_profiled(one.member_id))
    return db.session.scalars(rows.order_by(one.weight_bps.desc(), one.kind, one.value)).all()


def list_counts(mall_id: int) -> Sequence[TagCount]:
    """The tags that members of a mall bear, with how many did when the last night was over, the most first."""
    one = TagCount
    rows = select(one).where(one.home_mall_id == mall_id).order_by(one.kind, one.members.desc(), one.value)
    return db.session.scalars(rows).all()


def bears(kind: str, value: str) -> ColumnElement[bool]:
    """The condition that a member bears a tag; by its home mall, where that is narrowed to, the index is found."""
    one = MemberTag
    theirs = (one.member_id == Member.id, one.home_mall_id == Member.home_mall_id)
    return and_(exists().where(*theirs, one.kind == kind, one.value == value), profiles.is_profiled(Member.id))
