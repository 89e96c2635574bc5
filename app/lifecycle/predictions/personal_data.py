"""Personal data: what is expected of a member."""

from typing import Any

from sqlalchemy import Select, func, select

from app.kernel.personal_data import Ids, Sections
from app.lifecycle.predictions.models import MemberPrediction


def _predictions(ids: Ids) -> Select[Any]:
    one = MemberPrediction
    return select(
        one.as_of,
        (one.alive_bps // 100).label("alive_percent"),
        (one.return_bps // 100).label("return_percent"),
        func.to_char(one.purchases_hundredths * 0.01, "FM999990.00").label("purchases_expected"),
        one.spend_fen.label("expected_fen"),
        one.why,
        one.purchase_days,
        one.first_on,
        one.last_on,
    ).where(one.member_id.in_(ids))


SECTIONS: Sections = {"predictions": _predictions}
