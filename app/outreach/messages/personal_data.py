"""Personal data: messages."""

from typing import Any

from sqlalchemy import Select, select

from app.kernel.personal_data import Ids, Sections
from app.outreach.messages.models import OutreachMessage


def _messages(ids: Ids) -> Select[Any]:
    """With the reason why one was put off or not sent."""
    one = OutreachMessage
    return (
        select(
            one.kind,
            one.channel,
            one.marketing,
            one.status,
            one.reason,
            one.planned_at,
            one.due_at,
            one.sent_at,
            one.facts,
            one.content,
        )
        .where(one.member_id.in_(ids))
        .order_by(one.planned_at, one.id)
    )


SECTIONS: Sections = {
    "messages": _messages,
}
