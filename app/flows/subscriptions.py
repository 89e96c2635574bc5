"""What people answered to subscription dialogs, as the platform tells it, brought into the stock of consents.

The mini-program reports the same dialogs itself, at once. A pushed answer therefore waits a moment and counts only when
there are more pushed answers around its time than reported ones: then a report was lost.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from app.identity import queries as members
from app.identity.models import IdentityKind
from app.kernel.facts import Fact
from app.outreach.consents import consents, facts
from app.outreach.consents.templates import Template
from app.wechat.callbacks import inbox, push
from app.wechat.callbacks.inbox import TakenEvent
from app.wechat.callbacks.push import PushEvent
from app.wechat.mini import PLATFORM

# Time for the mini-program's own report of the dialog to arrive first.
_DELAY = timedelta(seconds=10)
# A dialog's report and its push belong together when they lie within this time.
_AROUND = timedelta(seconds=60)


def answer_dialog(member_id: int, *, results: Mapping[str, str], fact: Fact, now: datetime) -> dict[str, int]:
    """The member's answers to a dialog, as the mini-program tells them; returns the stock of every template."""
    return consents.answer(members.lock_member(member_id).id, results=results, fact=fact, now=now)


def keep_push_event(event: PushEvent, *, now: datetime) -> bool:
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


def take_in_answers(event: TakenEvent, templates: Mapping[str, Template], *, now: datetime) -> str:
    """Bring the answers of one push into the stock; returns a note where nothing could be done.

    `templates` are our templates by the platform's ids.
    """
    member_id = _lock_owner(event.payload["openid"])
    if member_id is None:
        return "nobody we know"
    for item in event.payload["items"]:
        template = templates.get(item["template_id"])
        if template is None:
            continue
        if event.kind == push.CHANGE and item["status"] == "reject":
            consents.clear(member_id, template=template, fact=facts.push(event.id), now=now)
        elif event.kind == push.POPUP and item["status"] == "accept":
            _refill(event, member_id, template, item["template_id"], now=now)
    return ""


def _lock_owner(openid: str) -> int | None:
    found = members.find_member_id(IdentityKind.MINI_OPENID, openid)
    owner = None if found is None else members.lock_member(found)
    return None if owner is None or members.has_left(owner) else owner.id


def _refill(event: TakenEvent, member_id: int, template: Template, template_id: str, *, now: datetime) -> None:
    since, until = event.occurred_at - _AROUND, event.occurred_at + _AROUND
    pushed = inbox.count_accepts(
        openid=event.payload["openid"], template_id=template_id, since=since, until=until, up_to_id=event.id
    )
    reported = consents.count_reported(member_id, template=template, since=since, until=until)
    if pushed > reported:
        consents.refill(member_id, template=template, fact=facts.push(event.id), now=now)
