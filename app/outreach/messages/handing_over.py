"""Messages that wait when two members are found to be one, or two after all."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db
from app.outreach.messages.known_kinds import KINDS
from app.outreach.messages.models import MessageStatus, OutreachMessage, Reason

# What a message keeps that is handed over.
_HANDED = (
    *("mall_id", "kind", "marketing", "channel", "template", "dedupe_key", "facts", "content"),
    *("reason", "planned_at", "send_until", "due_at"),
)


def hand_over(member_id: int, *, to: int) -> list[int]:
    """Plan for whom a locked member is merged into what waits for the member; returns the messages that go as theirs.

    What is composed when it goes is planned anew for what they have, as reminders of coupons are.
    """
    waiting = db.session.scalars(
        select(OutreachMessage)
        .where(OutreachMessage.member_id == member_id, OutreachMessage.status == MessageStatus.PLANNED.value)
        .order_by(OutreachMessage.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    handed = [_plan_again(message, to) for message in waiting if not KINDS[message.kind].composed_late]
    for message in waiting:
        message.status, message.reason = MessageStatus.SUPPRESSED.value, Reason.MEMBER_GONE.value
    db.session.flush()
    return [message_id for message_id in handed if message_id is not None]


def _plan_again(message: OutreachMessage, member_id: int) -> int | None:
    """The same message for another member; None when they are told of it already."""
    values = {name: getattr(message, name) for name in _HANDED} | {"member_id": member_id}
    statement = insert(OutreachMessage).values(**values, status=MessageStatus.PLANNED.value, attempts=0)
    return db.session.scalar(
        statement.on_conflict_do_nothing(index_elements=["member_id", "dedupe_key"]).returning(OutreachMessage.id)
    )


def take_back(member_id: int, message_ids: Sequence[int], *, of: int) -> None:
    """Let what still waits of messages that were handed over be the other's again; both are locked."""
    waiting = db.session.scalars(
        update(OutreachMessage)
        .where(
            OutreachMessage.member_id == member_id,
            OutreachMessage.id.in_(message_ids),
            OutreachMessage.status == MessageStatus.PLANNED.value,
        )
        .values(status=MessageStatus.SUPPRESSED.value, reason=Reason.MEMBER_GONE.value)
        .returning(OutreachMessage.dedupe_key)
    ).all()
    db.session.execute(
        update(OutreachMessage)
        .where(
            OutreachMessage.member_id == of,
            OutreachMessage.dedupe_key.in_(waiting),
            OutreachMessage.status == MessageStatus.SUPPRESSED.value,
            OutreachMessage.reason == Reason.MEMBER_GONE.value,
        )
        .values(status=MessageStatus.PLANNED.value, reason=None)
    )
