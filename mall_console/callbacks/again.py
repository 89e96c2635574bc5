"""Trying a callback once more: by a worker, or read as the product reads now."""

from collections.abc import Callable
from datetime import datetime

from app.circle.errors import CircleNoticeConflict, CircleNoticeInvalid, CircleUnknown
from app.flows import subscriptions
from app.flows.circle import keeping
from app.flows.contacts import contacts
from app.flows.stuck import callbacks
from app.flows.stuck.errors import CallbackStillUnread
from app.payments.errors import OrderUnknown
from app.web import context
from app.wechat import mini, wecom
from app.wechat.callbacks import push
from app.wechat.errors import CallbackUnread
from app.wechat.pay import circle_notices, pay


def try_again(event_id: int, *, now: datetime) -> None:
    """Raises NotFound, CallbackSettled, CallbackStillUnread."""
    event = callbacks.take(event_id, now=now)
    if event is None:
        return
    try:
        _READERS[event.channel](event.payload["text"], now)
    except (CallbackUnread, OrderUnknown, CircleUnknown, CircleNoticeInvalid, CircleNoticeConflict) as error:
        raise CallbackStillUnread from error
    callbacks.settle(event.id, note=callbacks.READ_AGAIN)


def _read_contact(text: str, now: datetime) -> None:
    contacts.keep_contact_event(wecom.read_opened(text, now=now), now=now)


def _read_push(text: str, now: datetime) -> None:
    subscriptions.keep_push_event(push.read_opened(text, now=now), now=now)


def _ask_about_order(text: str, now: datetime) -> None:
    callbacks.ask_about_order(text, now=now)


def _read_circle(text: str, now: datetime) -> None:
    keeping.keep_notice(circle_notices.read_opened(text, now=now), appid=context.gateway().mini.appid, now=now)


_READERS: dict[str, Callable[[str, datetime], None]] = {
    wecom.PLATFORM: _read_contact,
    mini.PLATFORM: _read_push,
    pay.PLATFORM: _ask_about_order,
    circle_notices.PLATFORM: _read_circle,
}
