"""What people answered to subscription dialogs, as the platform tells it, brought into the stock of consents.

The mini-program reports the same dialogs itself, at once. A pushed answer therefore waits a moment and counts only when
there are more pushed answers around its time than reported ones: then a report was lost.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from app.identity import queries as members
from app.identity.models import IdentityKind
from app.kernel import clock
from app.kernel.db import atomic
from app.outreach.consents import consents
from app.outreach.consents.templates import Template
from app.wechat.callbacks import inbox, push
from app.wechat.callbacks.inbox import TakenEvent
from app.wechat.callbacks.push import PushEvent
from app.wechat.mini import PLATFORM

logger = logging.getLogger(__name__)

# Time for the mini-program's own report of the dialog to arrive first.
_DELAY = timedelta(seconds=10)
# A dialog's report and its push belong together when they lie within this time.
_AROUND = timedelta(seconds=60)
PUSHED = "push:"


def take_push_event(event: PushEvent, *, now: datetime) -> bool:
    """Keep a push; False for one that came before."""
    due_at = {push.POPUP: now + _DELAY, push.CHANGE: now}.get(event.kind)
    payload = {"openid": event.openid, "items": [asdict(item) for item in event.items]}
    return inbox.store(
        PLATFORM,
        fact=event.fact,
        kind=event.kind,
        payload=payload,
        occurred_at=event.occurred_at,
        now=now,
        due_at=due_at,
    )


def take_in_due_answers(template_ids: Mapping[Template, str], *, limit: int) -> bool:
    """Bring one batch of pushed answers into the stock; returns whether there may be more. Opens its own units of work.

    `template_ids` are the platform's ids of our templates.
    """
    names = {template_id: template for template, template_id in template_ids.items()}
    with atomic():
        taken = inbox.take(PLATFORM, now=clock.now(), limit=limit)
    for event in taken:
        try:
            with atomic():
                inbox.finish(event, note=_take_in(event, names, now=clock.now()), now=clock.now())
        except Exception:
            # One event's trouble must not cost the others theirs; it comes again, but not for ever.
            logger.exception("subscription event left open", extra={"event_id": event.id})
            with atomic():
                inbox.put_off(event, note="unexpected error", now=clock.now())
    return len(taken) == limit


def _take_in(event: TakenEvent, names: Mapping[str, Template], *, now: datetime) -> str:
    """Do what the event says; returns a note where nothing could be done."""
    member_id = members.find_member_id(IdentityKind.MINI_OPENID, event.payload["openid"])
    if member_id is None:
        return "nobody we know"
    members.lock_member(member_id)
    for item in event.payload["items"]:
        template = names.get(item["template_id"])
        if template is None:
            continue
        if event.kind == push.CHANGE and item["status"] == "reject":
            consents.clear(member_id, template=template, fact=f"{PUSHED}{event.id}", now=now)
        elif event.kind == push.POPUP and item["status"] == "accept":
            _refill(event, member_id, template, item["template_id"], now=now)
    return ""


def _refill(event: TakenEvent, member_id: int, template: Template, template_id: str, *, now: datetime) -> None:
    since, until = event.occurred_at - _AROUND, event.occurred_at + _AROUND
    pushed = inbox.count_accepts(
        openid=event.payload["openid"], template_id=template_id, since=since, until=until, up_to_id=event.id
    )
    reported = consents.count_accepted(member_id, template=template, since=since, until=until, but_not=PUSHED)
    if pushed > reported:
        consents.refill(member_id, template=template, fact=f"{PUSHED}{event.id}", now=now)
