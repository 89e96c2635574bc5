"""Personal data: the segments a person is in."""

from typing import Any

from sqlalchemy import Select, select

from app.kernel.personal_data import Ids, Sections
from app.lifecycle.segments.models import Segment, SegmentMember


def _segments(ids: Ids) -> Select[Any]:
    one = SegmentMember
    return (
        select(Segment.title, one.entered_on)
        .join(Segment, Segment.id == one.segment_id)
        .where(one.member_id.in_(ids), Segment.archived_at.is_(None))
        .order_by(one.entered_on, one.segment_id)
    )


SECTIONS: Sections = {
    "segments": _segments,
}
