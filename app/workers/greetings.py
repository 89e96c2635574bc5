"""Greeting new WeCom contacts within the platform's 20 seconds."""

import logging

from app.contacts import greetings
from app.contacts.greetings import DueGreeting
from app.contacts.models import GreetingStatus
from app.identity import queries as members
from app.identity.models import IdentityKind
from app.kernel import clock
from app.kernel.db import atomic
from app.wechat import wecom
from app.wechat.callbacks import inbox
from app.wechat.wecom import Corp, Welcome, WelcomeResult
from app.workers import greeting_text

logger = logging.getLogger(__name__)

_ENDED = {
    Welcome.SENT: GreetingStatus.SENT,
    Welcome.TOO_LATE: GreetingStatus.TOO_LATE,
    Welcome.INVALID: GreetingStatus.REFUSED,
}


def send_due_greetings(corp: Corp, *, public_url: str, limit: int) -> bool:
    """Send one batch of greetings; returns whether there may be more. Any number may run at once, every second.

    Opens its own units of work, because no transaction may stay open while the platform is asked. A worker that dies
    after sending leaves the greeting to another one; the platform then says that it was delivered.
    """
    with atomic():
        due = greetings.take_due(now=clock.now(), limit=limit)
    for greeting in due:
        try:
            _greet(corp, greeting, public_url=public_url)
        except Exception:
            # One greeting's trouble must not cost the others their seconds.
            logger.exception("greeting left open", extra={"greeting_id": greeting.id})
    return len(due) == limit


def _greet(corp: Corp, greeting: DueGreeting, *, public_url: str) -> None:
    if clock.now() >= greeting.expires_at:
        _settle(greeting, GreetingStatus.TOO_LATE, reason="not sent within 20 seconds")
        return
    with atomic():
        text, card = greeting_text.compose(greeting.scene, is_member=_is_member(greeting), public_url=public_url)
    result = corp.send_welcome(greeting.welcome_code, text, [card])
    if result.outcome is Welcome.RETRY:
        with atomic():
            greetings.retry(greeting.id, reason=_reason(result), now=clock.now())
        return
    _settle(greeting, _ENDED[result.outcome], reason=_reason(result))


def _is_member(greeting: DueGreeting) -> bool:
    """Whether the contact is a member as far as we know by now; the greeting does not wait until we have asked."""
    event = inbox.find_payload(wecom.PLATFORM, fact=greeting.fact)
    external = event.get("external_user_id") if event is not None else None
    member_id = members.find_member_id(IdentityKind.WECOM_EXTERNAL, external) if external else None
    return member_id is not None and members.is_joined(members.get_member(member_id))


def _settle(greeting: DueGreeting, status: GreetingStatus, *, reason: str) -> None:
    with atomic():
        greetings.settle(greeting.id, status=status, reason=reason, now=clock.now())


def _reason(result: WelcomeResult) -> str:
    """Why, where that is not plain: the platform's code, or that it did not answer."""
    if result.outcome is Welcome.SENT:
        return ""
    return f"platform code {result.platform_code}" if result.platform_code is not None else "no answer"
