"""What a platform told us and nobody understood, or nobody could act on: kept, and asked about once a day and platform.

People look at it in the console: they try again, after the product has learnt or what stood in the way is gone, or say
what they did about it. A platform tells of all malls, so that the people of the first one are asked.
"""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from app.access.models import Role
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.flows.stuck.errors import CallbackSettled
from app.kernel import clock
from app.kernel.spelling import texts
from app.malls import queries as malls
from app.malls.models import Mall
from app.payments import closing
from app.payments import queries as payments
from app.wechat.callbacks import inbox, troubled
from app.wechat.callbacks.models import UNREAD, PlatformEvent
from app.wechat.errors import CallbackUnread

# How one ended that was read after all; else it says what somebody did.
READ_AGAIN = "read_again"

CALLBACK_UNREAD = CaseKind(
    code="callback_unread",
    role=Role.OPERATIONS,
    within=timedelta(days=1),
    outcomes={"looked_at": None},
)


def home() -> Mall:
    """The mall whose people look at what platforms said."""
    return malls.list_malls()[0]


def keep(platform: str, text: str, *, now: datetime) -> bool:
    """Keep what a platform signed and we cannot read; False for what came before."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    known_by = f"{UNREAD}|{digest}"
    is_new = inbox.store(
        platform,
        fact=known_by,
        kind=UNREAD,
        payload={"text": texts.readable(text)},
        occurred_at=now,
        now=now,
        due_at=None,
    )
    if is_new:
        _ask(_subject(platform, now), reason=platform, now=now, at=now)
    return is_new


def raise_cases(*, now: datetime, limit: int) -> int:
    """Ask about days with callbacks that were given up; returns how many were new."""
    found = {_subject(event.channel, event.received_at): event for event in troubled.list_dead(limit=limit)}
    new = case_queries.list_new(CALLBACK_UNREAD, found.keys(), limit=limit)
    return sum(
        _ask(subject, reason=f"{found[subject].channel}_given_up", now=now, at=found[subject].received_at)
        for subject in new
    )


def _subject(platform: str, at: datetime) -> str:
    return f"callbacks:{platform}:{clock.business_date(at)}"


def _ask(subject: str, *, reason: str, now: datetime, at: datetime) -> bool:
    """False also before the first mall is there: it stands in the list of callbacks when somebody works in one."""
    return bool(malls.list_malls()) and cases.raise_case(
        CALLBACK_UNREAD,
        subject,
        mall_id=home().id,
        reason=reason,
        facts={"day": str(clock.business_date(at))},
        evidence=[subject],
        now=now,
    )


def take(event_id: int, *, now: datetime) -> PlatformEvent | None:
    """Let a worker act once more on one that was given up; one that nobody could read is returned, to be read again.

    Raises NotFound, CallbackSettled.
    """
    event = troubled.lock_event(event_id)
    if event.note:
        raise CallbackSettled
    if event.given_up_at is None:
        return event
    inbox.requeue(event.id, now=now)
    return None


def settle(event_id: int, *, note: str) -> PlatformEvent:
    """It is dealt with, as the note says; raises NotFound, CallbackSettled."""
    event = troubled.lock_event(event_id)
    if not troubled.settle(event.id, note=note):
        raise CallbackSettled
    return event


def ask_about_order(text: str, *, now: datetime) -> None:
    """Have the platform asked about the order that a notice names: its answer counts, not what it once said.

    Raises CallbackUnread, OrderUnknown.
    """
    try:
        said: Any = json.loads(text, strict=False)
        out_trade_no = str(said["out_trade_no"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CallbackUnread(text) from error
    closing.ask_now(*payments.get_owner(out_trade_no), now=now)
