"""Personal data: what a member brought and took, by day."""

from typing import Any

from sqlalchemy import Select, select

from app.kernel.personal_data import Ids, Sections
from app.lifecycle.values.models import MemberValue


def _values(ids: Ids) -> Select[Any]:
    one = MemberValue
    return (
        select(
            one.day,
            one.commission_fen,
            one.benefits_fen,
            one.message_cost_fen,
            one.margin_fen,
            one.discount_fen,
            one.stay_minutes,
        )
        .where(one.member_id.in_(ids))
        .order_by(one.day)
    )


SECTIONS: Sections = {"values": _values}
