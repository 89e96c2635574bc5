"""Sending what the broker lets go: decided under the members' locks, recorded when the platform has answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.identity import queries as members
from app.identity.models import IdentityKind, MemberStatus
from app.kernel import discovery
from app.outreach.messages import broker, deliveries
from app.outreach.messages.broker import Claim, Content
from app.outreach.messages.deliveries import Answer
from app.outreach.messages.kinds import Channel
from app.outreach.messages.models import OutreachMessage, Reason
from app.outreach.messages.rules import Wait
from app.wechat.client.rules import Outcome
from app.wechat.mini import SendResult

Composer = Callable[..., Content | Wait]

# What composes the kinds that are composed when they go, by code: what it says now, or why it is not wanted any more.
COMPOSERS: Mapping[str, Composer] = discovery.merged("COMPOSERS", named="composers", below=["app"])


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed message with the openid it goes to; the address is never stored with the message."""

    claim: Claim
    openid: str


def claim_subscribe_messages(*, now: datetime, limit: int) -> tuple[list[Outgoing], bool]:
    """Take the due subscribe messages that may go now for this worker, hold the others; says whether more are due."""
    due, may_be_more = broker.lock_due(Channel.SUBSCRIBE, now=now, limit=limit)
    decided = [_claim(message, now=now) for message in due]
    return [outgoing for outgoing in decided if outgoing is not None], may_be_more


def _claim(message: OutreachMessage, *, now: datetime) -> Outgoing | None:
    member = members.get_member(message.member_id)
    if member.id != message.member_id or member.status == MemberStatus.CLOSED.value:
        broker.hold(message, Wait(Reason.MEMBER_GONE, None))
        return None
    openid = members.find_identity(message.member_id, IdentityKind.MINI_OPENID)
    if openid is None:
        broker.hold(message, Wait(Reason.NO_ADDRESS, None))
        return None
    content = _compose(message, now=now)
    if isinstance(content, Wait):
        broker.hold(message, content)
        return None
    claim = broker.claim(message, content, now=now)
    return None if claim is None else Outgoing(claim, openid)


def _compose(message: OutreachMessage, *, now: datetime) -> Content | Wait:
    compose = COMPOSERS.get(message.kind)
    if compose is not None:
        return compose(message, now=now)
    if message.content is None:
        raise ValueError(f"message {message.id} was planned without content")
    return Content(data=message.content["data"], page=message.content["page"])


def record_sending(claim: Claim, result: SendResult, *, now: datetime) -> None:
    """What the platform answered to a message that was handed over once."""
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
