"""What shows members to share a car: the plates of the stays they paid for."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Select, bindparam, func, select

from app.identity.duplicates.signs import Found, Sign
from app.kernel.db import db
from app.malls import queries as malls
from app.parking.payment.models import ParkingPayment, PaymentStatus
from app.parking.sessions.models import ParkingSession

_IS_PAID = ParkingPayment.status == PaymentStatus.PAID.value


def _plates(member_ids: Sequence[int]) -> Iterator[Found]:
    ids = bindparam("ids", list(member_ids), type_=ARRAY(BigInteger()))
    paid = db.session.execute(
        select(ParkingPayment.member_id, ParkingPayment.session_id)
        .where(ParkingPayment.member_id == func.any(ids), _IS_PAID)
        .distinct()
    ).all()
    stays = bindparam("stays", sorted({row.session_id for row in paid}), type_=ARRAY(BigInteger()))
    plates = db.session.execute(
        select(ParkingSession.id, ParkingSession.plate).where(ParkingSession.id == func.any(stays))
    )
    plate_of: dict[int, str | None] = {row.id: row.plate for row in plates}
    for member_id, session_id in paid:
        plate = plate_of.get(session_id)
        if plate:
            yield member_id, plate


def _paid(since: datetime | None) -> Select[Any]:
    found = select(ParkingPayment.member_id).where(_IS_PAID)
    if since is None:
        return found
    # By mall, because the index that has the moments begins with it.
    everywhere = ParkingPayment.mall_id.in_([mall.id for mall in malls.list_malls()])
    return found.where(everywhere, ParkingPayment.paid_at >= since)


SIGNS = (Sign(kind="plate", read=_plates, changed=_paid),)
