"""WeCom contacts, from the callback to the member: kept at once, linked a moment later."""

from datetime import datetime

from app.contacts import contacts, facts, greetings
from app.entrances import entrances
from app.entrances.models import Entrance
from app.flows.consequences import contact
from app.identity.models import Member
from app.malls import queries as malls
from app.timeline import events
from app.timeline.models import EventKind
from app.wechat import wecom
from app.wechat.callbacks import inbox
from app.wechat.callbacks.inbox import TakenEvent
from app.wechat.wecom import ContactChange, ContactEvent


def keep_contact_event(event: ContactEvent, *, now: datetime) -> bool:
    """Keep a callback and owe the greeting it asks for; False for one that came before.

    The greeting does not wait for the person to be looked up: its 20 seconds have begun.
    """
    payload = {
        "change": event.change.value,
        "user_id": event.user_id,
        "external_user_id": event.external_user_id,
        "state": event.state,
        "chat_id": event.chat_id,
    }
    is_new = inbox.store(
        wecom.PLATFORM,
        fact=event.fact,
        kind=event.kind,
        payload=payload,
        occurred_at=event.occurred_at,
        now=now,
        due_at=now if _concerns_us(event) else None,
    )
    if is_new and event.welcome_code:
        greetings.queue(
            fact=event.fact,
            external_user_id=event.external_user_id,
            scene=event.state,
            welcome_code=event.welcome_code,
            now=now,
        )
    return is_new


def _concerns_us(event: ContactEvent) -> bool:
    if event.change in (ContactChange.GROUP, ContactChange.GROUP_DISSOLVED):
        return bool(event.chat_id)
    return event.change is not ContactChange.OTHER and bool(event.external_user_id and event.user_id)


def add_contact(event: TakenEvent, *, unionid: str | None, now: datetime) -> Member:
    """Somebody added one of our staff: know them, note the entrance they came through, put it on their timeline."""
    external, user_id = event.payload["external_user_id"], event.payload["user_id"]
    entrance = _entrance(event)
    home_mall_id = entrance.mall_id if entrance else malls.list_malls()[0].id
    member = contact.know(external, unionid, home_mall_id=home_mall_id, now=now)
    contacts.record_added(external, user_id, entrance_id=entrance.id if entrance else None, at=event.occurred_at)
    events.record(
        member.id,
        kind=EventKind.WECOM_ADDED,
        fact=facts.added(user_id, external),
        occurred_at=event.occurred_at,
        mall_id=entrance.mall_id if entrance else None,
        store_id=entrance.store_id if entrance else None,
        source=entrance.scene if entrance else "",
    )
    return member


def _entrance(event: TakenEvent) -> Entrance | None:
    """The entrance in the event's state; the platform may put a word of its own there, which names none."""
    return entrances.find_by_scene(event.payload["state"]) if event.payload["state"] else None


def remove_contact(event: TakenEvent) -> None:
    """One of the two deleted the other."""
    contacts.record_removed(event.payload["external_user_id"], event.payload["user_id"], at=event.occurred_at)
