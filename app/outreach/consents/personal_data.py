"""Personal data: consents to messages."""

from typing import Any

from sqlalchemy import Select, select

from app.kernel.personal_data import Ids, Sections
from app.outreach.consents.models import ConsentEvent


def _message_consents(ids: Ids) -> Select[Any]:
    one = ConsentEvent
    return (
        select(one.template, one.change, one.quantity, one.occurred_at).where(one.member_id.in_(ids)).order_by(one.id)
    )


SECTIONS: Sections = {
    "message_consents": _message_consents,
}

# Tables with a member's key that are not in the document, and why.
LEFT_OUT = {
    "subscribe_consents": "the stock in the profile",
}
