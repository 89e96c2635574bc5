"""Bringing contact events to members: WeCom is asked who the contact is, outside of every transaction."""

from functools import partial

from app.flows import contacts
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.platforms.refusals import Meaning
from app.wechat import wecom
from app.wechat.callbacks import inbox
from app.wechat.callbacks.inbox import TakenEvent
from app.wechat.errors import WeChatError
from app.wechat.wecom import ContactChange, Corp
from app.workers import batches


def link_due_contacts(corp: Corp, *, limit: int = batches.LIMIT) -> int:
    """Work off one batch of contact events; returns how many were tried."""
    claim = partial(inbox.claim, wecom.PLATFORM)
    return batches.work_off(claim, partial(_link, corp), inbox.postpone, limit=limit)


def _link(corp: Corp, event: TakenEvent) -> None:
    if event.payload["change"] == ContactChange.REMOVED.value:
        with atomic():
            contacts.remove_contact(event)
            inbox.finish(event, now=clock.now())
        return
    unionid = _find_unionid(corp, event.payload["external_user_id"])
    with atomic():
        contacts.add_contact(event, unionid=unionid, now=clock.now())
        inbox.finish(event, now=clock.now())


def _find_unionid(corp: Corp, external_user_id: str) -> str | None:
    try:
        return corp.get_contact(external_user_id).unionid
    except WeChatError as error:
        # Nobody's contact any more, or an id WeCom does not know (any more): there is nothing to ask for.
        if error.meaning is not Meaning.GONE:
            raise
        return None
