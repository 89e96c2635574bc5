"""Segments that stand on other segments: one asks whether members are in another."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from app.kernel.db import db
from app.lifecycle.segments.definitions import Node, conditions_of
from app.lifecycle.segments.errors import SegmentCircle
from app.lifecycle.segments.models import Segment, SegmentVersion
from app.lifecycle.segments.uses import Use

FIELD = "segment"


def asked_by(root: Node) -> set[int]:
    """The segments that a definition asks for."""
    return {int(code) for one in conditions_of(root) if one.field.code == FIELD for code in one.value}


def lock_asked(root: Node) -> None:
    """Hold the segments that a definition asks for, so that none of them is taken out of use meanwhile."""
    ids = asked_by(root)
    if ids:
        db.session.execute(
            select(Segment.id).where(Segment.id.in_(ids)).order_by(Segment.id).with_for_update(read=True)
        )


def ensure_no_circle(segment_id: int, root: Node) -> None:
    """Raises SegmentCircle when the segment would stand on itself, by way of others or not."""
    if is_circle(segment_id, root):
        raise SegmentCircle


def is_circle(segment_id: int, root: Node) -> bool:
    """Whether what the definition asks for asks for the segment in turn."""
    asked, seen = asked_by(root), set[int]()
    if not asked:
        return False
    by = {segment.id: _asked_in(definition) for segment, definition in _in_use()}
    while asked - seen:
        seen |= asked
        asked = {other for one in asked for other in by.get(one, ())}
    return segment_id in seen


def _uses(segment: Segment) -> Sequence[Use]:
    return [
        Use(other.title, f"/segments/{other.public_id}")
        for other, definition in _in_use()
        if segment.id in _asked_in(definition)
    ]


def _in_use() -> Sequence[tuple[Segment, object]]:
    """The segments in use with what they mean now, those alone that ask for segments."""
    one = SegmentVersion
    rows = db.session.execute(
        select(Segment, one.definition)
        .join(one, (one.segment_id == Segment.id) & (one.number == Segment.version))
        .where(Segment.archived_at.is_(None), one.definition.path_exists(f'$.** ? (@.field == "{FIELD}")'))
        .order_by(Segment.id)
    )
    return rows.tuples().all()


def _asked_in(data: object) -> Collection[int]:
    """The segments that a kept definition asks for."""
    if isinstance(data, list):
        return {one for part in data for one in _asked_in(part)}
    if not isinstance(data, dict):
        return set()
    if data.get("field") == FIELD:
        return {int(code) for code in data.get("value", ())}
    return {one for part in data.values() for one in _asked_in(part)}


SEGMENT_USES = {"segment": _uses}
