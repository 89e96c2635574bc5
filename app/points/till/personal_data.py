"""Personal data: payments with points."""

from typing import Any

from sqlalchemy import Select, select

from app.kernel.personal_data import Ids, Sections
from app.malls.models import Store
from app.points.till.models import PointsPayment


def _points_payments(ids: Ids) -> Select[Any]:
    one = PointsPayment
    return (
        select(
            one.public_id.label("id"),
            Store.name.label("store"),
            one.points,
            one.worth_fen,
            one.status,
            one.created_at,
            one.paid_at,
            one.released_at,
            one.reversed_at,
        )
        .outerjoin(Store, Store.id == one.store_id)
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )


SECTIONS: Sections = {"points_payments": _points_payments}
