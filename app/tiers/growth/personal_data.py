"""Personal data: growth value."""

from typing import Any

from sqlalchemy import Select, select

from app.kernel.personal_data import Ids, Sections
from app.tiers.growth.models import GrowthEntry


def _growth(ids: Ids) -> Select[Any]:
    one = GrowthEntry
    return (
        select(one.growth, one.growth_after, one.reason_code.label("reason"), one.reason_facts, one.occurred_at)
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )


SECTIONS: Sections = {
    "growth": _growth,
}

# Tables with a member's key that are not in the document, and why.
LEFT_OUT = {
    "growth_accounts": "the value in the profile",
}
