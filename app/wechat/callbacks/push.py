"""The mini-program's message push: what people answered to subscription dialogs, in XML or JSON."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.kernel.settings import WeChatSettings
from app.kernel.spelling import moments, texts
from app.wechat.callbacks import xml
from app.wechat.callbacks.envelope import Envelope
from app.wechat.errors import CallbackRefused, CallbackUnread

POPUP = "subscribe_msg_popup_event"  # the person answered the dialog
CHANGE = "subscribe_msg_change_event"  # the person switched a template in the settings
SENT = "subscribe_msg_sent_event"  # what became of a message
_WRAPPERS = {POPUP: "SubscribeMsgPopupEvent", CHANGE: "SubscribeMsgChangeEvent", SENT: "SubscribeMsgSentEvent"}


@dataclass(frozen=True, slots=True)
class SubscriptionItem:
    """One template in an event: accepted or rejected, or for SENT the message's id and error code."""

    template_id: str
    status: str
    message_id: str
    error_code: str


@dataclass(frozen=True, slots=True)
class PushEvent:
    """One push about a person; `fact` is equal for repeated deliveries, `items` empty for other kinds of events."""

    fact: str
    kind: str
    openid: str
    items: tuple[SubscriptionItem, ...]
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MiniPush:
    """Our side of the push address, in the secure mode."""

    envelope: Envelope

    @classmethod
    def from_settings(cls, settings: WeChatSettings) -> "MiniPush":
        return cls(Envelope(settings.mini_push_token, settings.mini_push_aes_key, settings.mini_appid))

    def read_echo(self, query: Mapping[str, str], *, now: datetime) -> str:
        """The answer to the platform's check of the address: plain, unlike WeCom's. Raises CallbackRefused."""
        self.envelope.ensure_signed(query.get("signature", ""), query, now=now)
        return query.get("echostr", "")

    def read_event(self, body: bytes, query: Mapping[str, str], *, now: datetime) -> PushEvent:
        """Verify and read a push. Raises CallbackRefused, also for one in plain text, and CallbackUnread."""
        encrypted = _object(body).get("Encrypt")
        if not isinstance(encrypted, str):
            raise CallbackRefused
        return read_opened(self.envelope.opened(encrypted, query, now=now), now=now)


def read_opened(opened: str, *, now: datetime) -> PushEvent:
    """What the platform says in a push that was verified before; raises CallbackUnread."""
    return _event(_message(opened), now=now)


def _message(opened: str) -> dict[str, Any]:
    """What the platform says, in either format."""
    if not opened.lstrip().startswith("{"):
        return xml.message(opened)
    try:
        found = texts.readable(json.loads(opened, strict=False))
    except (ValueError, RecursionError) as error:
        raise CallbackUnread(opened) from error
    if not isinstance(found, dict):
        raise CallbackUnread(opened)
    return found


def _object(body: bytes) -> dict[str, Any]:
    """A body in either of the two formats an account may choose."""
    if not body.lstrip().startswith(b"{"):
        return xml.parsed(body)
    xml.ensure_small(body)
    try:
        found = json.loads(body)
        texts.ensure_storable(found)
    except (ValueError, RecursionError) as error:
        raise CallbackRefused from error
    if not isinstance(found, dict):
        raise CallbackRefused
    return found


def _event(message: Mapping[str, Any], *, now: datetime) -> PushEvent:
    kind = str(message.get("Event") or message.get("MsgType") or "unknown")
    created, openid = str(message.get("CreateTime", "")), str(message.get("FromUserName", ""))
    items = tuple(_item(found) for found in _listed(message, kind))
    # Two dialogs of one person may be answered within one second: what was answered is part of the fact.
    digest = hashlib.sha256(repr(items).encode()).hexdigest()[:16]
    return PushEvent(
        fact=xml.fact(kind, openid, created, str(message.get("MsgId") or digest)),
        kind=kind,
        openid=openid,
        items=items,
        occurred_at=moments.read_platform(created, now=now),
    )


def _listed(message: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    """XML wraps the items in an element of their own, JSON does not; both write a single one without a list."""
    if kind not in _WRAPPERS:
        return []
    holder = message.get(_WRAPPERS[kind], message)
    found = holder.get("List") if isinstance(holder, Mapping) else None
    many = found if isinstance(found, list) else [found]
    return [one for one in many if isinstance(one, Mapping)]


def _item(found: Mapping[str, Any]) -> SubscriptionItem:
    return SubscriptionItem(
        template_id=str(found.get("TemplateId", "")),
        status=str(found.get("SubscribeStatusString", "")),
        message_id=str(found.get("MsgID", "")),
        error_code=str(found.get("ErrorCode", "")),
    )
