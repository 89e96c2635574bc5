"""Personal data: where a member stood, and why."""

from typing import Any

from sqlalchemy import Select, select

from app.kernel.personal_data import Ids, Sections
from app.lifecycle.stages.models import StageChange


def _stages(ids: Ids) -> Select[Any]:
    one = StageChange
    return (
        select(one.day, one.stage, one.activity, one.why, one.last_purchase_on, one.purchases, one.monetary_fen)
        .where(one.member_id.in_(ids))
        .order_by(one.day, one.id)
    )


SECTIONS: Sections = {
    "stages": _stages,
}

# Tables with a member's key that are not in the document, and why.
LEFT_OUT = {
    "member_stages": "the last of the changes, with sums of the purchases and days of the timeline that are in it",
}
