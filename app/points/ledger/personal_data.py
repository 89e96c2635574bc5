"""Personal data: points."""

from typing import Any

from sqlalchemy import Select, func, select

from app.kernel import clock
from app.kernel.personal_data import Ids, Sections
from app.malls.models import Mall, Store
from app.points.expiry.rules import NEVER
from app.points.ledger.models import PointsEntry, PointsHold, PointsLot


def _points(ids: Ids) -> Select[Any]:
    one = PointsEntry
    return (
        select(
            one.kind,
            one.points,
            one.balance_after.label("balance"),
            one.reason_code.label("reason"),
            one.reason_facts,
            Mall.name.label("mall"),
            Store.name.label("store"),
            one.occurred_at,
        )
        .outerjoin(Mall, Mall.id == one.mall_id)
        .outerjoin(Store, Store.id == one.store_id)
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )


def _points_expiry(ids: Ids) -> Select[Any]:
    one = PointsLot
    return (
        select(one.points, one.remaining_points, func.nullif(one.expires_on, NEVER).label("expires_on"), one.is_grace)
        .where(one.member_id.in_(ids), one.remaining_points > 0, one.expires_on >= clock.business_date(clock.now()))
        .order_by(one.expires_on, one.id)
    )


def _points_held(ids: Ids) -> Select[Any]:
    one = PointsHold
    return (
        select(
            one.status,
            one.points,
            one.captured_points.label("spent"),
            one.reason_code.label("reason"),
            one.reason_facts,
            Mall.name.label("mall"),
            Store.name.label("store"),
            one.held_at,
            one.until,
            one.closed_at,
        )
        .outerjoin(Mall, Mall.id == one.mall_id)
        .outerjoin(Store, Store.id == one.store_id)
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )


SECTIONS: Sections = {
    "points": _points,
    "points_expiry": _points_expiry,
    "points_held": _points_held,
}

# Tables with a member's key that are not in the document, and why.
LEFT_OUT = {
    "points_accounts": "the balance in the profile",
    "points_hold_uses": "from which lots a hold took; the holds are there",
    "points_uses": "which lot an entry took; the entries and what is left of the lots are there",
}
