"""Making and changing segments, and refreshing who is in those that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.kernel import clock
from app.kernel.db import add_unless_taken, db
from app.kernel.security import codes
from app.lifecycle.segments import definitions, queries, segment_uses, uses
from app.lifecycle.segments.definitions import Node
from app.lifecycle.segments.errors import SegmentArchived, SegmentChanged, SegmentTitleTaken
from app.lifecycle.segments.models import Segment, SegmentMember, SegmentVersion

FORGOTTEN = 20_000  # rows of members that a sweep takes away at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who makes a segment or a version."""

    staff_id: int
    name: str


def create(title: str, root: Node, *, mall_id: int | None, is_nightly: bool, by: Author, now: datetime) -> Segment:
    """A segment with its first version, of a mall or (None) the group; raises SegmentTitleTaken."""
    segment_uses.lock_asked(root)
    segment = Segment(
        public_id=codes.new_public_id(),
        mall_id=mall_id,
        title=title,
        owner_id=by.staff_id,
        owner_name=by.name,
        is_nightly=is_nightly,
        version=1,
        created_at=now,
    )
    add_unless_taken(segment, "uq_segments_title", SegmentTitleTaken(title=title))
    _add_version(segment, root, by, now)
    return segment


def change(
    segment: Segment, title: str, root: Node, *, is_nightly: bool, seen_version: int, by: Author, now: datetime
) -> bool:
    """Let a locked segment be called and mean this; another meaning is a new version. Returns whether it is one.

    Raises SegmentArchived, SegmentTitleTaken, SegmentCircle, SegmentChanged when there is a newer version than was
    seen, and SegmentUsed when it would not be kept any more although something stands on it.
    """
    if segment.archived_at is not None:
        raise SegmentArchived
    if segment.version != seen_version:
        raise SegmentChanged
    if queries.is_taken(title, mall_id=segment.mall_id, but=segment.id):
        raise SegmentTitleTaken(title=title)
    segment_uses.lock_asked(root)
    segment_uses.ensure_no_circle(segment.id, root)
    if segment.is_nightly and not is_nightly:
        uses.ensure_unused(segment)
    segment.title = title
    segment.is_nightly = is_nightly
    if not is_nightly:
        segment.refreshed_version = segment.refreshed_at = segment.members = None
    is_new = definitions.as_data(root) != queries.get_version(segment).definition
    if is_new:
        segment.version += 1
        _add_version(segment, root, by, now)
    db.session.flush()
    return is_new


def _add_version(segment: Segment, root: Node, by: Author, now: datetime) -> None:
    db.session.add(
        SegmentVersion(
            segment_id=segment.id,
            number=segment.version,
            definition=definitions.as_data(root),
            made_at=now,
            made_by=by.name,
        )
    )
    db.session.flush()


def archive(segment: Segment, *, now: datetime) -> None:
    """Take a locked segment out of use; what it meant stays. Raises SegmentArchived and SegmentUsed."""
    if segment.archived_at is not None:
        raise SegmentArchived
    uses.ensure_unused(segment)
    segment.archived_at = now
    db.session.flush()


def lock_due(*, before: datetime | None) -> Segment | None:
    """A nightly segment whose members are not of its version or, if asked, of before a moment; None when there is none.

    What another worker has at hand is left to it.
    """
    is_old = () if before is None else (Segment.refreshed_at < before,)
    is_due = or_(Segment.refreshed_at.is_(None), Segment.refreshed_version != Segment.version, *is_old)
    return db.session.scalar(
        select(Segment)
        .where(Segment.is_nightly, Segment.archived_at.is_(None), is_due)
        .order_by(Segment.refreshed_at.nulls_first(), Segment.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def refresh(segment: Segment, *, now: datetime) -> int:
    """Bring the members of a locked segment up to the moment: who is new enters, who is not in it goes.

    Returns how many members it has. Nobody who stays is written.
    """
    found = queries.found_by(queries.definition_of(segment), mall_id=segment.mall_id, now=now).subquery("wanted")
    theirs = SegmentMember.segment_id == segment.id
    db.session.execute(delete(SegmentMember).where(theirs, SegmentMember.member_id.not_in(select(found.c.id))))
    # Asked before the first row is written: a table taken for empty would be looked through from end to end for each.
    kept = select(SegmentMember.member_id).where(theirs).cte("kept").prefix_with("MATERIALIZED")
    new = (
        select(found.c.id, literal(segment.id), literal(clock.business_date(now)))
        .outerjoin(kept, kept.c.member_id == found.c.id)
        .where(kept.c.member_id.is_(None))
    )
    columns = ("member_id", "segment_id", "entered_on")
    db.session.execute(insert(SegmentMember).from_select(columns, new).on_conflict_do_nothing())
    segment.members = db.session.scalar(select(func.count()).select_from(SegmentMember).where(theirs)) or 0
    segment.refreshed_version, segment.refreshed_at = segment.version, now
    db.session.flush()
    return segment.members


def leave(segment: Segment, *, now: datetime) -> None:
    """Let a locked segment be as it was until the next time, because nobody can read any more what it means."""
    segment.members = segment.members or 0
    segment.refreshed_version, segment.refreshed_at = segment.version, now
    db.session.flush()


def forget(member_ids: Sequence[int]) -> None:
    """Take somebody who leaves out of every segment."""
    db.session.execute(delete(SegmentMember).where(SegmentMember.member_id.in_(member_ids)))


def sweep(*, now: datetime) -> int:
    """Forget who was in segments that are out of use, or that keep nobody any more; returns how many rows."""
    over = select(Segment.id).where(or_(Segment.archived_at.is_not(None), ~Segment.is_nightly))
    key = (SegmentMember.member_id, SegmentMember.segment_id)
    rows = select(*key).where(SegmentMember.segment_id.in_(over)).limit(FORGOTTEN)
    result = db.session.execute(delete(SegmentMember).where(tuple_(*key).in_(rows)))
    return int(getattr(result, "rowcount", 0))
