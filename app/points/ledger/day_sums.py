"""Points by day: what pages add up without reading every entry."""

from typing import Any

from app.kernel.day_sums.series import Series
from app.points.ledger.models import EntryKind, PointsEntry

_OF_MALL: dict[str, Any] = {
    "origin": PointsEntry.__table__,
    "mall": PointsEntry.mall_id,
    "key": PointsEntry.mall_id,
    "moment": PointsEntry.occurred_at,
}
# Amounts are points, and never below zero.
EARNED = Series(
    name="points_earned",
    **_OF_MALL,
    amount=PointsEntry.points,
    wanted=[PointsEntry.kind == EntryKind.ACCRUE.value],
)
SPENT = Series(
    name="points_spent",
    **_OF_MALL,
    amount=-PointsEntry.points,
    wanted=[PointsEntry.kind == EntryKind.REDEEM.value],
)

SERIES = {one.name: one for one in (EARNED, SPENT)}
BY_KIND = {EntryKind.ACCRUE: EARNED, EntryKind.REDEEM: SPENT}
