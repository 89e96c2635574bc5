"""How a claimed message ended: the platform's answer, its silence, or the worker's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_, update

from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import db
from app.kernel.outbox import Pauses
from app.outreach.consents import consents
from app.outreach.messages import facts
from app.outreach.messages.broker import Claim
from app.outreach.messages.day_sums import SENT
from app.outreach.messages.known_kinds import KINDS
from app.outreach.messages.models import MessageStatus, OutreachMessage, Reason
from app.timeline import events
from app.timeline.models import EventKind

# Between tries that certainly sent nothing. One that may have sent something was the last.
PAUSES = Pauses(first=timedelta(minutes=1), longest=timedelta(minutes=16), most_attempts=6)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform said: its message id, or its error code."""

    message_id: str | None = None
    error: str | None = None


def record_sent(claim: Claim, answer: Answer, *, now: datetime) -> None:
    """The platform took the message."""
    values = {
        "status": MessageStatus.SENT.value,
        "reason": None,
        "sent_at": now,
        "touched_at": now,
        "platform_message_id": answer.message_id,
    }
    if not _close(claim, values):
        return
    mall_id = db.session.scalar(select(OutreachMessage.mall_id).where(_is(claim)))
    marks.note(SENT, mall_id, clock.business_date(now))
    events.record(
        claim.member_id,
        kind=EventKind.MESSAGE_SENT,
        fact=facts.sent(claim.message_id),
        occurred_at=now,
        mall_id=mall_id,
        source=claim.kind.code,
    )


def record_unanswered(claim: Claim, *, now: datetime) -> None:
    """The request went out and no answer came: touch and consent stay spent, nothing is sent again."""
    _close(claim, _ended(MessageStatus.UNKNOWN, Reason.NO_ANSWER) | {"touched_at": now})


def record_without_consent(claim: Claim, answer: Answer, *, now: datetime) -> None:
    """The platform knows of no subscription: nothing went out, and our stock for the template is emptied."""
    if _close(claim, _ended(MessageStatus.FAILED, Reason.CONSENT_REFUSED, answer)) and claim.kind.template:
        consents.clear(claim.member_id, template=claim.kind.template, fact=claim.fact, now=now)


def record_refused(claim: Claim, answer: Answer, *, now: datetime) -> None:
    """The platform calls the message wrong: nothing went out, the consent comes back, nothing is tried again."""
    if _close(claim, _ended(MessageStatus.FAILED, Reason.PLATFORM_REFUSED, answer)):
        _give_back(claim, now)


def record_put_off(claim: Claim, answer: Answer, *, now: datetime) -> None:
    """Certainly not sent, and worth another try: waits twice as long each time, until tries or time are used up."""
    later = now + PAUSES.after(claim.attempt)
    values = _ended(MessageStatus.PLANNED, Reason.PLATFORM_BUSY, answer) | {"due_at": later}
    in_time = OutreachMessage.send_until > later
    if not PAUSES.was_last(claim.attempt) and _close(claim, values, in_time):
        _give_back(claim, now)
    elif _close(claim, _ended(MessageStatus.FAILED, Reason.PLATFORM_BUSY, answer)):
        _give_back(claim, now)


def give_up_silent(*, now: datetime, limit: int) -> int:
    """Mark as unknown what a worker took and never answered for; never sent again. Returns how many."""
    lapsed = (
        select(OutreachMessage.member_id, OutreachMessage.id)
        .where(OutreachMessage.status == MessageStatus.SENDING.value, OutreachMessage.lease_until <= now)
        .order_by(OutreachMessage.lease_until)
        .limit(limit)
    )
    given_up = db.session.execute(
        update(OutreachMessage)
        .where(
            tuple_(OutreachMessage.member_id, OutreachMessage.id).in_(lapsed),
            OutreachMessage.status == MessageStatus.SENDING.value,
        )
        .values(
            status=MessageStatus.UNKNOWN.value,
            reason=Reason.WORKER_DIED.value,
            touched_at=OutreachMessage.lease_until,
            lease_until=None,
        )
        .returning(OutreachMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(given_up.all())


def _is(claim: Claim) -> ColumnElement[bool]:
    return (OutreachMessage.member_id == claim.member_id) & (OutreachMessage.id == claim.message_id)


def _ended(status: MessageStatus, reason: Reason, answer: Answer | None = None) -> dict[str, Any]:
    return {
        "status": status.value,
        "reason": reason.value,
        "last_error": answer.error if answer else None,
        "touched_at": None,
    }


def _close(claim: Claim, values: dict[str, Any], *conditions: ColumnElement[bool]) -> bool:
    """Write how this attempt ended; False when it was ended before.

    An answer that comes after the lease still counts: it is the truth about what was marked unknown.
    """
    open_states = (MessageStatus.SENDING.value, MessageStatus.UNKNOWN.value)
    closed = db.session.execute(
        update(OutreachMessage)
        .where(
            _is(claim),
            OutreachMessage.status.in_(open_states),
            OutreachMessage.attempts == claim.attempt,
            *conditions,
        )
        .values(lease_until=None, **values)
        .returning(OutreachMessage.id)
        .execution_options(synchronize_session=False)
    ).first()
    return closed is not None


def _give_back(claim: Claim, now: datetime) -> None:
    template = KINDS[claim.kind.code].template
    if template is not None:
        consents.release(claim.member_id, template=template, fact=claim.fact, now=now)
