"""A notice of the business circle is judged and kept at once; a worker acts on it (`acting.py`).

A payment is known by its transaction and a refund by its own number, however often and under whatever envelope they are
told. What was signed and cannot be is refused by name and changes nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.circle import circles
from app.circle.errors import CircleNoticeConflict, CircleNoticeInvalid
from app.flows.consequences.circle import late
from app.purchases.rules import MOST_FEN
from app.wechat.callbacks import inbox
from app.wechat.pay.circle_notices import PLATFORM, Authorised, CircleNotice, Kind, Paid, Refunded

_ID = re.compile(r"[0-9A-Za-z_\-]{1,64}")
_MOST_WRITTEN = 64
# What may differ when the same thing is told again: when it was read, and who handed it in.
_CHANGING = frozenset({"at", "by_hand", "shop_name"})


def keep_notice(notice: CircleNotice, *, appid: str, now: datetime) -> bool:
    """Keep a verified notice of our app `appid` for the worker; False for one that came before.

    Raises CircleUnknown, CircleNoticeInvalid, CircleNoticeConflict.
    """
    circles.get(notice.mchid)
    _ensure_possible(notice, appid)
    payload = asdict(notice) | {"at": notice.at.isoformat()}
    fact = _fact_of(notice)
    is_new = inbox.store(
        PLATFORM,
        fact=fact,
        kind=_kind_of(notice).value,
        payload=payload,
        occurred_at=notice.at,
        now=now,
        due_at=now,
    )
    if not is_new:
        _ensure_same(inbox.find_payload(PLATFORM, fact=fact) or payload, payload)
    return is_new


def _kind_of(notice: CircleNotice) -> Kind:
    if isinstance(notice, Authorised):
        return Kind.AUTHORISED
    return Kind.PAID if isinstance(notice, Paid) else Kind.REFUNDED


def _fact_of(notice: CircleNotice) -> str:
    if isinstance(notice, Authorised):
        return f"authorised|{notice.mchid}|{notice.openid}|{notice.at.isoformat()}|{notice.is_full}"
    if isinstance(notice, Paid):
        return late.paid(notice.mchid, notice.transaction_id)
    return f"refunded|{notice.mchid}|{notice.refund_id}"


def _ensure_possible(notice: CircleNotice, appid: str) -> None:
    ids = {notice.mchid, notice.openid}
    if not isinstance(notice, Authorised):
        if notice.appid != appid:
            raise CircleNoticeInvalid(reason="appid")
        ids.add(notice.transaction_id)
        if max(len(notice.shop_number), len(notice.shop_name)) > _MOST_WRITTEN:
            raise CircleNoticeInvalid(reason="shop")
    if isinstance(notice, Paid) and not 0 <= notice.amount_fen <= MOST_FEN:
        raise CircleNoticeInvalid(reason="amount")
    if isinstance(notice, Refunded):
        ids.add(notice.refund_id)
        if not 0 < notice.refund_fen <= notice.pay_fen <= MOST_FEN:
            raise CircleNoticeInvalid(reason="refund")
    if not all(_ID.fullmatch(one) for one in ids):
        raise CircleNoticeInvalid(reason="id")


def _ensure_same(known: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    if any(known.get(name) != value for name, value in told.items() if name not in _CHANGING):
        raise CircleNoticeConflict
