"""WeCom's customer groups (客户群): chats of our staff with customers, and who is in one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.kernel.platforms.refusals import Meaning
from app.wechat.errors import PlatformUnavailable, WeChatError
from app.wechat.wecom import PLATFORM, Corp

_PATH = "/cgi-bin/externalcontact/groupchat/get"
_CUSTOMER = 2
_WITHOUT_NAMES = 0


@dataclass(frozen=True, slots=True)
class GroupPerson:
    """A customer in a group; unionid only for people of WeChat, and only if the corp is bound."""

    external_user_id: str
    unionid: str | None
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class CustomerGroup:
    """A group as WeCom knows it now: whose it is, and its customers; colleagues in it are left out."""

    chat_id: str
    name: str
    owner_user_id: str
    people: tuple[GroupPerson, ...]


def find_group(corp: Corp, chat_id: str) -> CustomerGroup | None:
    """The group; None for one that is dissolved. Raises WeChatError, PlatformUnavailable."""
    try:
        answer = corp.calls.read("post", _PATH, body={"chat_id": chat_id, "need_name": _WITHOUT_NAMES})
    except WeChatError as error:
        if error.meaning is Meaning.GONE:
            return None
        raise
    found = answer.get("group_chat")
    if not isinstance(found, dict):
        raise PlatformUnavailable(platform=PLATFORM)
    people = [_person(one) for one in found.get("member_list") or [] if one.get("type") == _CUSTOMER]
    return CustomerGroup(
        chat_id=chat_id,
        name=str(found.get("name") or ""),
        owner_user_id=str(found.get("owner") or ""),
        people=tuple(one for one in people if one.external_user_id),
    )


def _person(found: Mapping[str, Any]) -> GroupPerson:
    return GroupPerson(
        external_user_id=str(found.get("userid") or ""),
        unionid=str(found.get("unionid") or "") or None,
        joined_at=datetime.fromtimestamp(int(found.get("join_time") or 0), UTC),
    )
