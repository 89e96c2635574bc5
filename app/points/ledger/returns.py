"""Points that came back when their own last day was over: what members are told of them."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select

from app.kernel.db import db
from app.kernel.lists.days import day_of
from app.points.ledger.models import PointsEntry, PointsLot, PointsUse


def list_late(entries: Collection[PointsEntry]) -> Mapping[int, int]:
    """By the entry that gave points back: how many of them were over by that day. Entries without any are missing."""
    came_back = [one for one in entries if one.points > 0 and one.reverses_id is not None]
    if not came_back:
        return {}
    back, use, lot = PointsEntry, PointsUse, PointsLot
    sums = (
        select(back.id, func.sum(use.points))
        .join(use, (use.member_id == back.member_id) & (use.entry_id == back.reverses_id))
        .join(lot, (lot.member_id == use.member_id) & (lot.id == use.lot_id))
        .where(
            back.member_id.in_({one.member_id for one in came_back}),
            back.id.in_([one.id for one in came_back]),
            lot.expires_on < day_of(back.occurred_at),
        )
        .group_by(back.id)
    )
    return {entry_id: int(points) for entry_id, points in db.session.execute(sums).tuples()}
