"""The people of the sandbox: one person, one unionid, an openid in the mini-program and one in the official account."""

import re
import sqlite3
from typing import Any

from sandbox.kit import ids
from sandbox.kit.clock import Clock
from sandbox.kit.errors import ApiError
from sandbox.kit.store import Store

_PHONE = re.compile(r"1[3-9]\d{9}")
DEMO = (("p-lin", "林晓梅", "13800000001"), ("p-chen", "陈志强", "13800000002"), ("p-wang", "王雨桐", "13800000003"))


def seed(store: Store, clock: Clock) -> None:
    """The demo people, when there is nobody yet."""
    if store.one("SELECT 1 FROM people LIMIT 1") is None:
        for person_id, name, phone in DEMO:
            make(store, clock, name=name, phone=phone, person_id=person_id)


def make(
    store: Store, clock: Clock, *, name: str, phone: str, follows_oa: bool = True, person_id: str | None = None
) -> sqlite3.Row:
    """A new person. Raises ApiError for a bad or taken phone number and an empty name."""
    name, phone = name.strip(), phone.strip()
    if not 1 <= len(name) <= 30:
        raise ApiError(422, "name_invalid", "姓名为 1 到 30 个字")
    if not _PHONE.fullmatch(phone):
        raise ApiError(422, "phone_invalid", "手机号应为 11 位大陆号码")
    person_id = person_id or ids.token(8, "p-")
    try:
        store.insert(
            "people",
            id=person_id,
            name=name,
            phone=phone,
            unionid=ids.token(24, "oSBunion"),
            mini_openid=ids.token(22, "oSBmini"),
            oa_openid=ids.token(24, "oSBoa"),
            external_userid=ids.token(26, "wmSB"),
            follows_oa=int(follows_oa),
            made_at=clock.now(),
        )
    except sqlite3.IntegrityError:
        raise ApiError(409, "phone_taken", "这个手机号已属于另一个人") from None
    return get(store, person_id)


def get(store: Store, person_id: str) -> sqlite3.Row:
    """The person. Raises ApiError when unknown."""
    row = find(store, "id", person_id)
    if row is None:
        raise ApiError(404, "person_not_found", "没有这个人")
    return row


def find(store: Store, column: str, value: str) -> sqlite3.Row | None:
    """The person by `id`, `phone`, `unionid`, `mini_openid`, `oa_openid` or `external_userid`."""
    if column not in ("id", "phone", "unionid", "mini_openid", "oa_openid", "external_userid"):
        raise ValueError(column)
    return store.one(f"SELECT * FROM people WHERE {column} = ?", value)  # noqa: S608 - one of the names above


def view(row: sqlite3.Row) -> dict[str, Any]:
    """A person as JSON; `openid` is the one of the mini-program."""
    return {
        "id": row["id"],
        "name": row["name"],
        "phone": row["phone"],
        "unionid": row["unionid"],
        "openid": row["mini_openid"],
        "oa_openid": row["oa_openid"],
        "external_userid": row["external_userid"],
        "follows_oa": bool(row["follows_oa"]),
    }
