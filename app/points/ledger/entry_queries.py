"""Reading points entries of a mall, over all members."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from app.identity.models import Member
from app.kernel.db import db
from app.points.ledger.models import PointsEntry

ORDER = (PointsEntry.occurred_at, PointsEntry.member_id, PointsEntry.id)


def list_entries_of_mall(*wanted: ColumnElement[bool], limit: int = 50) -> Sequence[tuple[PointsEntry, Member]]:
    """A page of entries with their members, the latest first (`ORDER`, descending)."""
    rows = db.session.execute(
        select(PointsEntry, Member)
        .join(Member, Member.id == PointsEntry.member_id)
        .where(*wanted)
        .order_by(*(column.desc() for column in ORDER))
        .limit(limit)
    )
    return [(entry, member) for entry, member in rows]
