"""Greeting new WeCom contacts within the platform's 20 seconds.

A worker that dies after sending leaves the greeting to another one; the platform then says that it was delivered.
"""

from functools import partial

from app.contacts import greetings
from app.contacts.greetings import DueGreeting
from app.contacts.models import GreetingStatus
from app.flows.contacts.greetings import compose_greeting
from app.kernel import clock
from app.kernel.db import atomic
from app.wechat.wecom import Corp, Welcome, WelcomeResult
from app.workers import batches

_ENDED = {Welcome.TOO_LATE: GreetingStatus.TOO_LATE, Welcome.INVALID: GreetingStatus.REFUSED}
TOO_LATE = "not sent within 20 seconds"


def send_due_greetings(corp: Corp, *, public_url: str, limit: int = batches.LIMIT) -> int:
    """Send one batch of greetings; returns how many were tried. May run every second."""
    return batches.work_off(greetings.claim, partial(_greet, corp, public_url), greetings.postpone, limit=limit)


def _greet(corp: Corp, public_url: str, greeting: DueGreeting) -> None:
    if clock.now() >= greeting.expires_at:
        with atomic():
            greetings.give_up(greeting, status=GreetingStatus.TOO_LATE, error=TOO_LATE, now=clock.now())
        return
    with atomic():
        text, card = compose_greeting(greeting, public_url=public_url, now=clock.now())
    result = corp.send_welcome(greeting.welcome_code, text, [card])
    with atomic():
        _record(greeting, result)


def _record(greeting: DueGreeting, result: WelcomeResult) -> None:
    match result.outcome:
        case Welcome.SENT:
            greetings.finish(greeting, now=clock.now())
        case Welcome.RETRY:
            greetings.postpone(greeting, error=_reason(result), now=clock.now())
        case outcome:
            greetings.give_up(greeting, status=_ENDED[outcome], error=_reason(result), now=clock.now())


def _reason(result: WelcomeResult) -> str:
    """The platform's code, or that it did not answer."""
    return f"platform code {result.platform_code}" if result.platform_code is not None else "no answer"
