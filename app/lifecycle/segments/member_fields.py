"""What members can be asked for: the kept segments they are in, so that one segment may stand on others."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Text, cast, func, select, true

from app.identity.asking.fields import Asking, Field, Kind, Rows, by_code
from app.kernel.db import db, table_of
from app.lifecycle.segments.models import Segment, SegmentMember

_IN = table_of(SegmentMember)
_ROWS = Rows(name="in_segments", table=_IN, member_id=_IN.c.member_id)


def _codes(mall_id: int | None) -> Mapping[str, str]:
    """Segments that are kept, of the mall and the group; those of a group alone for the group."""
    place = Segment.mall_id.is_(None) if mall_id is None else (Segment.mall_id.is_(None) | (Segment.mall_id == mall_id))
    found = select(cast(Segment.id, Text), Segment.title).where(
        place, Segment.is_nightly, Segment.archived_at.is_(None)
    )
    return dict(db.session.execute(found.order_by(Segment.id)).tuples().all())


def _is_in(asking: Asking) -> ColumnElement[bool]:
    return asking.over(_ROWS, func.bool_or(true()), _IN.c.segment_id.in_([int(code) for code in asking.codes]))


FIELDS = by_code(Field(code="segment", kind=Kind.SET, subject="lifecycle", value=_is_in, codes=_codes))
