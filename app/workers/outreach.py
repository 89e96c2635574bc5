"""Sending what the broker lets go: claimed in one transaction, handed over outside of any, recorded in another."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.identity import queries as members
from app.identity.models import IdentityKind, MemberStatus
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.settings import WeChatSettings
from app.outreach.consents import templates
from app.outreach.consents.templates import Template
from app.outreach.messages import broker, coupon_reminders, deliveries, kinds
from app.outreach.messages.broker import Claim, Content
from app.outreach.messages.deliveries import Answer
from app.outreach.messages.models import OutreachMessage, Reason
from app.outreach.messages.rules import Wait
from app.wechat.client.rules import Outcome
from app.wechat.mini import MiniProgram, SendResult

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Outgoing:
    """A claimed message with the openid it goes to; the address is never stored with the message."""

    claim: Claim
    openid: str


# Kinds that are composed when they go, each with what looks after it.
_CONSIDER: dict[str, Callable[..., Content | Wait]] = {kinds.COUPON_EXPIRING.code: coupon_reminders.consider}


def send_due_messages(mini: MiniProgram, settings: WeChatSettings, *, limit: int) -> bool:
    """Send one batch of due subscribe messages; returns whether there may be more. Any number may run at once.

    Opens its own units of work, because no transaction may stay open while the platform is asked.
    """
    with atomic():
        now = clock.now()
        due, may_be_more = broker.lock_due(kinds.Channel.SUBSCRIBE, now=now, limit=limit)
        parcels = [parcel for parcel in (_claim(message, now=now) for message in due) if parcel is not None]
    for parcel in parcels:
        try:
            _send(mini, settings, parcel)
        except Exception:
            # One message's trouble must not cost the others theirs; what is not recorded ends as unknown.
            logger.exception("message left open", extra={"message_id": parcel.claim.message_id})
    return may_be_more


def _send(mini: MiniProgram, settings: WeChatSettings, parcel: _Outgoing) -> None:
    result = _hand_over(mini, settings, parcel)
    with atomic():
        _record(parcel.claim, result, now=clock.now())


def _claim(message: OutreachMessage, *, now: datetime) -> _Outgoing | None:
    member = members.get_member(message.member_id)
    if member.id != message.member_id or member.status == MemberStatus.CLOSED.value:
        broker.hold(message, Wait(Reason.MEMBER_GONE, None))
        return None
    openid = members.find_identity(message.member_id, IdentityKind.MINI_OPENID)
    if openid is None:
        broker.hold(message, Wait(Reason.NO_ADDRESS, None))
        return None
    content = _consider(message, now=now)
    if isinstance(content, Wait):
        broker.hold(message, content)
        return None
    claim = broker.claim(message, content, now=now)
    return None if claim is None else _Outgoing(claim, openid)


def _consider(message: OutreachMessage, *, now: datetime) -> Content | Wait:
    consider = _CONSIDER.get(message.kind)
    if consider is not None:
        return consider(message, now=now)
    if message.content is None:
        raise ValueError(f"message {message.id} was planned without content")
    return Content(data=message.content["data"], page=message.content["page"])


def _hand_over(mini: MiniProgram, settings: WeChatSettings, parcel: _Outgoing) -> SendResult:
    """Send once; not at all when this worker was so slow that it may be taken for dead."""
    claim = parcel.claim
    if clock.now() >= claim.lease_until:
        return SendResult(Outcome.RETRY)
    template_id = templates.platform_ids(settings)[Template(claim.kind.template or "")]
    return mini.send_subscribe_message(
        parcel.openid, template_id=template_id, data=claim.content.data, page=claim.content.page
    )


def _record(claim: Claim, result: SendResult, *, now: datetime) -> None:
    answer = Answer(result.message_id, None if result.platform_code is None else str(result.platform_code))
    match result.outcome:
        case Outcome.SENT:
            deliveries.record_sent(claim, answer, now=now)
        case Outcome.REFUSED:
            deliveries.record_without_consent(claim, answer, now=now)
        case Outcome.INVALID:
            deliveries.record_refused(claim, answer, now=now)
        case Outcome.RETRY:
            deliveries.record_put_off(claim, answer, now=now)
        case Outcome.UNKNOWN:
            deliveries.record_unanswered(claim, now=now)
