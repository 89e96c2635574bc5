"""Personal data: which circles may tell of somebody's payments, and what they were told of cars."""

from typing import Any

from sqlalchemy import Select, select

from app.circle.models import CircleAuthorisation, CircleParking
from app.kernel.personal_data import Ids, Sections


def _authorisations(ids: Ids) -> Select[Any]:
    one = CircleAuthorisation
    return (
        select(one.state, one.card_code, one.authorised_at, one.told_at)
        .where(one.member_id.in_(ids))
        .order_by(one.told_at, one.mchid)
    )


def _parkings(ids: Ids) -> Select[Any]:
    one = CircleParking
    return select(one.plate, one.way, one.passed_at, one.done_at).where(one.member_id.in_(ids)).order_by(one.passed_at)


SECTIONS: Sections = {"wechat_pay_points": _authorisations, "wechat_pay_parkings": _parkings}
