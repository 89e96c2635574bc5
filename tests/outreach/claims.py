"""Messages claimed as the sender claims them, and what became of them."""

from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db
from app.outreach.messages import broker, deliveries
from app.outreach.messages.broker import Claim
from app.outreach.messages.deliveries import Answer
from app.outreach.messages.kinds import Channel
from app.outreach.messages.models import OutreachMessage
from tests.builders.outreach import CONTENT, allow, plan


def claim_due() -> list[Claim]:
    """One round of the broker without anything to look after."""
    now = clock.now()
    due, _ = broker.lock_due(Channel.SUBSCRIBE, now=now, limit=100)
    claims = [broker.claim(message, CONTENT, now=now) for message in due]
    return [claim for claim in claims if claim is not None]


def stands(message: OutreachMessage) -> tuple[str, str | None]:
    db.session.refresh(message)
    return message.status, message.reason


def touch(member: Member) -> OutreachMessage:
    """A marketing message that was sent just now."""
    message = plan(member)
    allow(member)
    [claim] = claim_due()
    deliveries.record_sent(claim, Answer("m1"), now=clock.now())
    return message
