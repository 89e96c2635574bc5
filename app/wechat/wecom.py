"""WeCom: contact codes, contacts, welcome messages, tags and the corp's callbacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from app.kernel.platforms.refusals import TEMPORARY, Meaning
from app.kernel.spelling import moments
from app.wechat.callbacks import xml
from app.wechat.callbacks.envelope import Envelope
from app.wechat.client.transport import TokenCalls
from app.wechat.errors import OutcomeUnknown, PlatformUnavailable, WeChatError

PLATFORM = "wecom"
MOST_STATE_CHARACTERS = 30
_QR_CODE = 2
_SINGLE_MEMBER = 1
_WECHAT_USER = 1
_ADDED = ("add_external_contact", "add_half_external_contact")
_REMOVED = ("del_external_contact", "del_follow_user")


@dataclass(frozen=True, slots=True)
class ContactWay:
    """A contact code; `config_id` is its only handle, `qr_code` the address of its picture."""

    config_id: str
    qr_code: str


@dataclass(frozen=True, slots=True)
class FollowUser:
    """One of our staff who has the person as a contact; `state` names the contact code it came through."""

    user_id: str
    state: str
    tag_ids: tuple[str, ...]
    added_at: datetime | None


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer as WeCom knows them; unionid only for people of WeChat, and only if the corp is bound."""

    external_user_id: str
    unionid: str | None
    follow_users: tuple[FollowUser, ...]


class Welcome(StrEnum):
    """What became of a greeting."""

    SENT = "sent"  # delivered now, or before: the code was used
    TOO_LATE = "too_late"  # the 20 seconds were over
    INVALID = "invalid"  # the platform will never take this message
    RETRY = "retry"  # not delivered as far as we know; the code works once, so trying again is harmless


@dataclass(frozen=True, slots=True)
class WelcomeResult:
    """The outcome with the platform's code, if there was one."""

    outcome: Welcome
    platform_code: int | None = None


@dataclass(frozen=True, slots=True)
class LinkCard:
    """A card under the greeting. Limits: title 128 bytes, summary 512 bytes."""

    title: str
    summary: str
    url: str
    picture_url: str = ""


class ContactChange(StrEnum):
    """What an event of contacts or their groups tells, as far as the product needs it."""

    ADDED = "added"
    REMOVED = "removed"
    GROUP = "group"  # who is in a customer group, or what it is called
    GROUP_DISSOLVED = "group_dissolved"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ContactEvent:
    """One callback of WeCom. `fact` is equal for repeated deliveries; the welcome code works once, for 20 seconds.

    `chat_id` names a group, and is empty in events about one contact.
    """

    fact: str
    kind: str
    change: ContactChange
    user_id: str
    external_user_id: str
    state: str
    welcome_code: str = field(repr=False)
    occurred_at: datetime
    chat_id: str = ""


_GROUP_CHANGES = {
    "create": ContactChange.GROUP,
    "update": ContactChange.GROUP,
    "dismiss": ContactChange.GROUP_DISSOLVED,
}
# What a refusal means for a greeting; delivered before, or in the middle of a chat, there is nothing left to greet.
_WELCOMES = {
    Meaning.DONE: Welcome.SENT,
    Meaning.TOO_LATE: Welcome.TOO_LATE,
    **dict.fromkeys(TEMPORARY, Welcome.RETRY),
}


@dataclass(frozen=True, slots=True)
class Corp:
    """The group's enterprise; `user_id` is the member of staff who greets."""

    user_id: str
    envelope: Envelope
    calls: TokenCalls

    def add_contact_way(self, state: str, user_id: str | None = None) -> ContactWay:
        """Make a contact code whose scans carry `state` (at most 30 characters).

        Raises WeChatError, PlatformUnavailable, OutcomeUnknown; after the last one a code nobody knows may exist.
        """
        if len(state) > MOST_STATE_CHARACTERS:
            raise ValueError("a contact way's state has at most 30 characters")
        body = {
            "type": _SINGLE_MEMBER,
            "scene": _QR_CODE,
            "remark": state,
            "skip_verify": True,
            "state": state,
            "user": [user_id or self.user_id],
        }
        answer = self.calls.once("post", "/cgi-bin/externalcontact/add_contact_way", body=body)
        if not answer.get("config_id") or not answer.get("qr_code"):
            raise PlatformUnavailable(platform=PLATFORM)
        return ContactWay(config_id=str(answer["config_id"]), qr_code=str(answer["qr_code"]))

    def get_contact(self, external_user_id: str) -> Contact:
        """Who a contact is. Raises WeChatError (84061: nobody's customer any more), PlatformUnavailable."""
        query = {"external_userid": external_user_id}
        answer = self.calls.read("get", "/cgi-bin/externalcontact/get", query=query)
        found = answer.get("external_contact")
        if not isinstance(found, dict):
            raise PlatformUnavailable(platform=PLATFORM)
        of_wechat = found.get("type") == _WECHAT_USER
        return Contact(
            external_user_id=external_user_id,
            unionid=(str(found.get("unionid") or "") or None) if of_wechat else None,
            follow_users=tuple(_follow_user(one) for one in answer.get("follow_user") or []),
        )

    def send_welcome(self, welcome_code: str, text: str, cards: Sequence[LinkCard] = ()) -> WelcomeResult:
        """Greet a new contact (text at most 4000 bytes, 9 cards); never raises for what the platform does."""
        body: dict[str, Any] = {"welcome_code": welcome_code, "text": {"content": text}}
        if cards:
            body["attachments"] = [_attachment(card) for card in cards]
        try:
            # Not repeated here: the 20 seconds are the caller's to spend.
            self.calls.once("post", "/cgi-bin/externalcontact/send_welcome_msg", body=body)
        except (PlatformUnavailable, OutcomeUnknown):
            return WelcomeResult(Welcome.RETRY)
        except WeChatError as error:
            return WelcomeResult(_WELCOMES.get(error.meaning, Welcome.INVALID), platform_code=int(error.platform_code))
        return WelcomeResult(Welcome.SENT, platform_code=0)

    def mark_tags(
        self, external_user_id: str, *, add: Sequence[str] = (), remove: Sequence[str] = (), user_id: str | None = None
    ) -> None:
        """Set and clear corp tags on a contact of one member of staff; WeCom raises no callback for it.

        Raises WeChatError (84061: not this person's contact), PlatformUnavailable.
        """
        body = {
            "userid": user_id or self.user_id,
            "external_userid": external_user_id,
            "add_tag": list(add),
            "remove_tag": list(remove),
        }
        self.calls.read("post", "/cgi-bin/externalcontact/mark_tag", body=body)

    def list_tags(self) -> dict[str, str]:
        """The corp's tags, id to name. Raises WeChatError, PlatformUnavailable."""
        answer = self.calls.read("post", "/cgi-bin/externalcontact/get_corp_tag_list", body={})
        groups = answer.get("tag_group") or []
        return {str(tag["id"]): str(tag["name"]) for group in groups for tag in group.get("tag") or []}

    def read_echo(self, query: Mapping[str, str], *, now: datetime) -> str:
        """The answer to the platform's check of our callback address. Raises CallbackRefused."""
        return self.envelope.opened(query.get("echostr", ""), query, now=now)

    def read_callback(self, body: bytes, query: Mapping[str, str], *, now: datetime) -> ContactEvent:
        """Verify and read a callback. Raises CallbackRefused, CallbackUnread."""
        outer = xml.parsed(body)
        return read_opened(self.envelope.opened(xml.text(outer, "Encrypt"), query, now=now), now=now)


def _attachment(card: LinkCard) -> dict[str, Any]:
    link = {"title": card.title, "desc": card.summary, "url": card.url}
    if card.picture_url:
        link["picurl"] = card.picture_url
    return {"msgtype": "link", "link": link}


def _follow_user(found: Mapping[str, Any]) -> FollowUser:
    tags = [str(tag["tag_id"]) for tag in found.get("tags") or [] if tag.get("tag_id")]
    created = found.get("createtime")
    return FollowUser(
        user_id=str(found.get("userid", "")),
        state=str(found.get("state") or ""),
        tag_ids=tuple(tags),
        added_at=datetime.fromtimestamp(int(created), UTC) if created else None,
    )


def read_opened(opened: str, *, now: datetime) -> ContactEvent:
    """What WeCom says in a callback that was verified before; raises CallbackUnread."""
    return event_of(xml.message(opened), now=now)


def event_of(message: Mapping[str, Any], *, now: datetime) -> ContactEvent:
    """The event in a decrypted callback."""
    kind = xml.text(message, "Event") or xml.text(message, "MsgType")
    change = xml.text(message, "ChangeType")
    user_id, external = xml.text(message, "UserID"), xml.text(message, "ExternalUserID")
    created = xml.text(message, "CreateTime")
    chat_id = xml.text(message, "ChatId")
    # Of a group many things change in one second; its version of members tells them apart, where there is one.
    subject = [xml.text(message, name) for name in ("Id", "ChatId", "UpdateDetail", "CurMemVer")]
    return ContactEvent(
        # The documented pair FromUserName + CreateTime is too weak: FromUserName is always "sys".
        fact=xml.fact(*(part for part in (change or kind, user_id, external, *subject, created) if part)),
        kind=f"{kind}.{change}" if change else kind,
        change=_change(kind, change),
        user_id=user_id,
        external_user_id=external,
        state=xml.text(message, "State"),
        welcome_code=xml.text(message, "WelcomeCode"),
        occurred_at=moments.read_platform(created, now=now),
        chat_id=chat_id,
    )


def _change(kind: str, change: str) -> ContactChange:
    if kind == "change_external_chat":
        return _GROUP_CHANGES.get(change, ContactChange.OTHER)
    if kind != "change_external_contact":
        return ContactChange.OTHER
    if change in _ADDED:
        return ContactChange.ADDED
    return ContactChange.REMOVED if change in _REMOVED else ContactChange.OTHER
