"""Reading computed tags."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, select

from app.identity.models import Member
from app.kernel.db import db
from app.lifecycle.tags.computed.models import MemberTag, TagCount, TagNight


def find_night() -> TagNight | None:
    """The latest night that worked tags out."""
    return db.session.scalar(select(TagNight).order_by(TagNight.day.desc()).limit(1))


def has_night(day: date) -> bool:
    """Whether the tags of the day were worked out."""
    return db.session.get(TagNight, day) is not None


def list_tags(member_id: int) -> Sequence[MemberTag]:
    """What a member bears, the strongest first."""
    one = MemberTag
    rows = select(one).where(one.member_id == member_id).order_by(one.weight_bps.desc(), one.kind, one.value)
    return db.session.scalars(rows).all()


def list_counts(mall_id: int) -> Sequence[TagCount]:
    """The tags that members of a mall bear, with how many did when the last night was over, the most first."""
    one = TagCount
    rows = select(one).where(one.home_mall_id == mall_id).order_by(one.kind, one.members.desc(), one.value)
    return db.session.scalars(rows).all()


def bears(kind: str, value: str) -> ColumnElement[bool]:
    """The condition that a member bears a tag; by its home mall, where that is narrowed to, the index is found."""
    one = MemberTag
    theirs = (one.member_id == Member.id, one.home_mall_id == Member.home_mall_id)
    return exists().where(*theirs, one.kind == kind, one.value == value)
