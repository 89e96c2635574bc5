"""Bringing events of contacts and groups to members: WeCom is asked who they are, outside of every transaction."""

from datetime import datetime
from functools import partial

from app.flows.contacts import contact_groups, contacts
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.platforms.refusals import Meaning
from app.wechat import wecom, wecom_groups
from app.wechat.callbacks import inbox
from app.wechat.callbacks.inbox import TakenEvent
from app.wechat.errors import WeChatError
from app.wechat.wecom import ContactChange, Corp
from app.wechat.wecom_groups import CustomerGroup
from app.workers import batches


def link_due_contacts(corp: Corp, *, limit: int = batches.LIMIT) -> int:
    """Work off one batch of contact events; returns how many were tried."""
    claim = partial(inbox.claim, wecom.PLATFORM)
    return batches.work_off(claim, partial(_link, corp), inbox.postpone, limit=limit)


def _link(corp: Corp, event: TakenEvent) -> None:
    if event.payload.get("chat_id"):
        _read_group(corp, event)
        return
    if event.payload["change"] == ContactChange.REMOVED.value:
        with atomic():
            contacts.remove_contact(event)
            inbox.finish(event, now=clock.now())
        return
    unionid = _find_unionid(corp, event.payload["external_user_id"])
    with atomic():
        contacts.add_contact(event, unionid=unionid, now=clock.now())
        inbox.finish(event, now=clock.now())


def _read_group(corp: Corp, event: TakenEvent) -> None:
    """Ask who is in a group that has changed, unless it is dissolved."""
    chat_id, read_at = event.payload["chat_id"], clock.now()
    dissolved = event.payload["change"] == ContactChange.GROUP_DISSOLVED.value
    group = None if dissolved else wecom_groups.find_group(corp, chat_id)
    if group is not None:
        _settle(group, event, read_at=read_at)
        return
    with atomic():
        contact_groups.dissolve_group(chat_id, at=event.occurred_at)
        inbox.finish(event, now=clock.now())


def _settle(group: CustomerGroup, event: TakenEvent, *, read_at: datetime) -> None:
    """Whoever is new in the group is known in a transaction of their own: a group has hundreds of people."""
    for person in contact_groups.list_new(group):
        with atomic():
            contact_groups.join_group(group, person, read_at=read_at, now=clock.now())
    with atomic():
        contact_groups.settle_group(group, read_at=read_at, changed_at=event.occurred_at)
        inbox.finish(event, now=clock.now())


def _find_unionid(corp: Corp, external_user_id: str) -> str | None:
    try:
        return corp.get_contact(external_user_id).unionid
    except WeChatError as error:
        # Nobody's contact any more, or an id WeCom does not know (any more): there is nothing to ask for.
        if error.meaning is not Meaning.GONE:
            raise
        return None
