"""Reading segments: which there are, what they mean, who is in them and how many."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.exc import DBAPIError

from app.identity.models import Member, MemberStatus
from app.identity.people import list_numbers
from app.identity.profiles import queries as profiles
from app.kernel.db import db, limit_statements, sqlstate
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.lists.labels import labels_of
from app.lifecycle.segments import reading, statements
from app.lifecycle.segments.definitions import Node, is_plain
from app.lifecycle.segments.errors import SegmentTooSlow
from app.lifecycle.segments.known_fields import all_fields
from app.lifecycle.segments.models import Segment, SegmentMember, SegmentVersion

ORDER = Order(Segment.id.desc())
MEMBER_ORDER = Order(Member.id.desc())
SAMPLE = 20
COUNT_MS = 8_000
_CANCELLED = "57014"


def seen_in(mall_id: int) -> ColumnElement[bool]:
    """The condition that a segment is a mall's, or the group's."""
    return or_(Segment.mall_id == mall_id, Segment.mall_id.is_(None))


def list_segments(*wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST) -> Page[Segment]:
    """A page of segments, the newest first if not asked otherwise."""
    return keyset.scalars(select(Segment).where(*wanted), order, asked)


def get_segment(public_id: str, *, mall_id: int) -> Segment:
    """The mall's segment, or the group's; raises NotFound."""
    found = db.session.scalar(select(Segment).where(Segment.public_id == public_id, seen_in(mall_id)))
    if found is None:
        raise NotFound(segment=public_id)
    return found


def titles_of(segment_ids: Collection[int]) -> dict[int, str]:
    """The titles of segments by id; unknown ones are left out."""
    return labels_of(Segment.id, Segment.title, segment_ids)


def is_taken(title: str, *, mall_id: int | None, but: int | None = None) -> bool:
    """Whether another segment of the same place that is in use bears the title."""
    here = Segment.mall_id.is_not_distinct_from(mall_id)
    found = select(Segment.id).where(here, Segment.title == title, Segment.archived_at.is_(None))
    others = found if but is None else found.where(Segment.id != but)
    return db.session.scalar(others.limit(1)) is not None


def lock_segment(segment_id: int) -> Segment:
    """The segment FOR UPDATE, as it is now."""
    return db.session.scalars(
        select(Segment).where(Segment.id == segment_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def list_versions(segment_id: int) -> Sequence[SegmentVersion]:
    """All versions, the newest first."""
    return db.session.scalars(
        select(SegmentVersion).where(SegmentVersion.segment_id == segment_id).order_by(SegmentVersion.number.desc())
    ).all()


def get_version(segment: Segment, number: int | None = None) -> SegmentVersion:
    """A version by its number, the one in force without; raises NotFound."""
    found = db.session.get(SegmentVersion, (segment.id, segment.version if number is None else number))
    if found is None:
        raise NotFound(segment=segment.public_id, version=number)
    return found


def definition_of(segment: Segment) -> Node:
    """What the segment means; raises DefinitionWrong when a field is gone that it asks for."""
    return reading.read(get_version(segment).definition, all_fields(), mall_id=segment.mall_id)


def found_by(root: Node, *, mall_id: int | None, now: datetime) -> Select[tuple[int]]:
    """The ids of the members of whom a definition holds at the moment."""
    return statements.members_of(root, mall_id=mall_id, now=now, merged=list_numbers())


def is_in(segment: Segment, *, now: datetime) -> ColumnElement[bool]:
    """The condition that a member is in the segment, as it was refreshed or, if it is not nightly, at the moment.

    Whoever left, turned out to be another or switched profiling off since is in it no more.
    """
    root = definition_of(segment)
    if not segment.is_nightly:
        return Member.id.in_(found_by(root, mall_id=segment.mall_id, now=now))
    kept = select(SegmentMember.member_id).where(SegmentMember.segment_id == segment.id)
    profiled = () if is_plain(root) else (profiles.is_profiled(Member.id),)
    return and_(Member.id.in_(kept), Member.status == MemberStatus.MEMBER.value, *profiled)


def count(root: Node, *, mall_id: int | None, now: datetime, most_ms: int = COUNT_MS) -> int:
    """How many members there are of whom the definition holds; raises SegmentTooSlow."""
    found = found_by(root, mall_id=mall_id, now=now).with_only_columns(func.count())
    try:
        with db.session.begin_nested(), limit_statements(most_ms=most_ms):
            return db.session.scalar(found) or 0
    except DBAPIError as error:
        if sqlstate(error) == _CANCELLED:
            raise SegmentTooSlow from error
        raise


def sample(root: Node, *, mall_id: int | None, now: datetime) -> Sequence[Member]:
    """Some of them, who became known last first: that is told by an index, the day of joining is not."""
    ids = found_by(root, mall_id=mall_id, now=now)
    return db.session.scalars(select(Member).where(Member.id.in_(ids)).order_by(Member.id.desc()).limit(SAMPLE)).all()


def list_members(segment: Segment, *, now: datetime, asked: Asked = FIRST) -> Page[Member]:
    """A page of the segment's members, who became known last first."""
    return keyset.scalars(select(Member).where(is_in(segment, now=now)), MEMBER_ORDER, asked)


def kept_of(member_ids: Collection[int]) -> dict[int, set[str]]:
    """The public ids of the nightly segments that each of the members was in when they were last refreshed.

    Whoever switched profiling off since is in none.
    """
    rows = db.session.execute(
        select(SegmentMember.member_id, Segment.public_id)
        .join(Segment, Segment.id == SegmentMember.segment_id)
        .where(
            SegmentMember.member_id.in_(member_ids),
            Segment.archived_at.is_(None),
            profiles.is_profiled(SegmentMember.member_id),
        )
    )
    found: dict[int, set[str]] = {}
    for member_id, public_id in rows:
        found.setdefault(member_id, set()).add(public_id)
    return found


def list_ids(segment: Segment, *, now: datetime, after: int = 0, limit: int) -> Sequence[int]:
    """Ids of the segment's members above one of them, ascending, so that all are read in steps."""
    found = select(Member.id).where(is_in(segment, now=now), Member.id > after)
    return db.session.scalars(found.order_by(Member.id).limit(limit)).all()
