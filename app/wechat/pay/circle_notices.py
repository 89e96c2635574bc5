"""Notices of WeChat Pay's business circle (智慧商圈) as typed values; pure reading, no network.

Who authorised, what they paid in a shop of the circle, what of it was given back. A kind that the product does not
know, a body that lacks what its kind must have and a moment that cannot be are unreadable; whether sums and ids can be
is for whoever takes them.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.kernel.spelling import moments, texts
from app.wechat.errors import CallbackUnread
from app.wechat.pay.notices import UNREADABLE

PLATFORM = "circle"
# What moved earlier is no news: nobody may claim a receipt, and no till bring one back, that is older than that.
_TOLD_WITHIN = timedelta(days=90)


class Kind(StrEnum):
    """What a notice is about."""

    AUTHORISED = "MALL_AUTH.ACTIVATE_CARD"
    PAID = "MALL_TRANSACTION.SUCCESS"
    REFUNDED = "MALL_REFUND.SUCCESS"


# The person opened the card; in the second mode they also let their payments be told.
_WITH_POINTS = "REGISTERED_AND_AUTHORIZATION_MODE"
_MODES = frozenset({"REGISTERED_MODE", _WITH_POINTS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorised:
    """Somebody opened the card of the circle; `is_full` when they let their payments be told as well."""

    mchid: str
    openid: str
    card_code: str
    is_full: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A payment in a shop of the circle, in fen; `by_hand` when the person handed it in themselves."""

    mchid: str
    appid: str
    openid: str
    shop_number: str
    shop_name: str
    transaction_id: str
    amount_fen: int
    at: datetime
    by_hand: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """Money of such a payment was given back: `refund_fen` of `pay_fen`, both positive."""

    mchid: str
    appid: str
    openid: str
    shop_number: str
    shop_name: str
    transaction_id: str
    refund_id: str
    pay_fen: int
    refund_fen: int
    at: datetime


CircleNotice = Authorised | Paid | Refunded


def text_of(envelope: Mapping[str, Any], opened: str) -> str:
    """A notice as it is kept for people when nobody can read it: what was sealed, under its kind and moment."""
    head = {name: envelope.get(name) for name in ("event_type", "create_time")}
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "resource": {opened}}}'


def read_opened(text: str, *, now: datetime) -> CircleNotice:
    """What a verified notice says, written as by `text_of`; raises CallbackUnread."""
    try:
        said = texts.readable(json.loads(text, strict=False))
        return _READERS[Kind(said["event_type"])](said["resource"], said.get("create_time"), now)
    except (*UNREADABLE, RecursionError) as error:
        raise CallbackUnread(text) from error


def _authorised(said: Mapping[str, Any], told_at: object, now: datetime) -> Authorised:
    mode = str(said["auth_type"]).strip()
    if mode not in _MODES:
        raise ValueError("unknown way of authorising")
    return Authorised(
        mchid=_id(said, "mchid"),
        openid=_id(said, "openid"),
        card_code=str(said.get("code") or ""),
        is_full=mode == _WITH_POINTS,
        at=min(moments.read_platform(told_at, now=now), now),
    )


def _paid(said: Mapping[str, Any], _told_at: object, now: datetime) -> Paid:
    return Paid(
        **_where(said),
        amount_fen=_fen(said, "amount"),
        at=_moment(said["time_end"], now),
        by_hand=bool(said.get("commit_tag")),
    )


def _refunded(said: Mapping[str, Any], _told_at: object, now: datetime) -> Refunded:
    return Refunded(
        **_where(said),
        refund_id=_id(said, "refund_id"),
        pay_fen=_fen(said, "pay_amount"),
        refund_fen=_fen(said, "refund_amount"),
        at=_moment(said["refund_time"], now),
    )


def _where(said: Mapping[str, Any]) -> dict[str, Any]:
    """Whose it is and in which shop; the number of a shop may be missing, its name then says which it is."""
    ids = {name: _id(said, name) for name in ("mchid", "appid", "openid", "transaction_id")}
    return ids | {name: str(said.get(name) or "").strip() for name in ("shop_number", "shop_name")}


def _id(said: Mapping[str, Any], name: str) -> str:
    found = said[name]
    if not isinstance(found, str) or not found.strip():
        raise ValueError(f"no {name}")
    return found.strip()


def _fen(said: Mapping[str, Any], name: str) -> int:
    found = said[name]
    if not isinstance(found, int) or isinstance(found, bool):
        raise ValueError(f"{name} is no whole number of fen")
    return found


def _moment(written: object, now: datetime) -> datetime:
    """When money moved; nothing is told of before it has happened, whatever a clock elsewhere shows.

    What has no such moment, or one too long ago, is for people: rules and books of another day would apply to it.
    """
    found = moments.find_platform(written, now=now)
    if found is None or found < now - _TOLD_WITHIN:
        raise ValueError("no moment at which this can have happened")
    return min(found, now)


_READERS: Mapping[Kind, Callable[[Mapping[str, Any], object, datetime], CircleNotice]] = {
    Kind.AUTHORISED: _authorised,
    Kind.PAID: _paid,
    Kind.REFUNDED: _refunded,
}
