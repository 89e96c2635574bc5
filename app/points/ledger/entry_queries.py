"""Reading points entries of a mall, over all members."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from app.identity.models import Member
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.points.ledger.models import PointsEntry

ORDER = Order(PointsEntry.occurred_at.desc(), PointsEntry.member_id.desc(), PointsEntry.id.desc())


def list_entries_of_mall(
    *wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST
) -> Page[tuple[PointsEntry, Member]]:
    """A page of entries with their members, the latest first if not asked otherwise."""
    query = select(PointsEntry, Member).join(Member, Member.id == PointsEntry.member_id).where(*wanted)
    return keyset.rows(query, order, asked)


def sum_by_fact(member_ids: Sequence[int], facts: Sequence[str]) -> dict[str, int]:
    """What the member's points moved by for each of the acts, positive when they gained; nothing for the others."""
    rows = db.session.execute(
        select(PointsEntry.fact, PointsEntry.points).where(
            PointsEntry.member_id.in_(member_ids), PointsEntry.fact.in_(facts)
        )
    )
    return {fact: int(points) for fact, points in rows}
