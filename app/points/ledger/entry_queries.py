"""Reading points entries of a mall, over all members."""

from sqlalchemy import ColumnElement, select

from app.identity.models import Member
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.points.ledger.models import PointsEntry

ORDER = Order(PointsEntry.occurred_at.desc(), PointsEntry.member_id.desc(), PointsEntry.id.desc())


def list_entries_of_mall(*wanted: ColumnElement[bool], asked: Asked = FIRST) -> Page[tuple[PointsEntry, Member]]:
    """A page of entries with their members, the latest first."""
    query = select(PointsEntry, Member).join(Member, Member.id == PointsEntry.member_id).where(*wanted)
    return keyset.rows(query, ORDER, asked)
