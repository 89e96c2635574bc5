"""All that is kept about one person, as one JSON document for themselves.

Written row by row from the tables, so that years of a busy member never gather in memory. What cannot be read by a
person stays out: digests of tokens, ids that the platforms use among themselves.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import IO, Any

from sqlalchemy import RowMapping, Select

from app.identity import members, queries
from app.identity.models import Member
from app.kernel import discovery
from app.kernel.db import db
from app.kernel.personal_data import Sections
from app.kernel.security import crypto
from app.malls import queries as mall_queries
from app.outreach.consents import consents
from app.points.ledger import queries as points_queries
from app.tiers.growth import growth
from app.tiers.standings import queries as standings

BATCH = 500

# The words of a reason by its code and facts; the edge hands them in.
Words = Callable[[str, Mapping[str, str]], str]

# What every package keeps about a person.
SECTIONS: Sections = discovery.merged("SECTIONS", named="personal_data", below=["app"])


def write(member: Member, out: IO[bytes], *, words: Words, now: datetime) -> None:
    """Write the document about the member, and about whoever was found to be them before, as UTF-8.

    `words` says why a ledger moved, by the reason's code and facts.
    """
    head = {"exported_at": now, "profile": profile(member, now=now)}
    out.write(_text(head)[:-1].encode())
    for name, rows in parts(member, words=words):
        out.write(f',\n"{name}": ['.encode())
        for number, row in enumerate(rows):
            out.write(f"{',' if number else ''}\n{_text(row)}".encode())
        out.write(b"]")
    out.write(b"}\n")


def parts(member: Member, *, words: Words) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """Every part by its name, with its rows as they are read."""
    person_ids = queries.list_person_ids(member.id)
    for name, rows_of in SECTIONS.items():
        yield name, (_worded(row, words) for row in _rows(rows_of(person_ids)))


def _rows(query: Select[Any]) -> Iterator[RowMapping]:
    """Read a batch at a time; what weighs more than rows usually do says itself in how small ones."""
    at_once = query.get_execution_options().get("yield_per", BATCH)
    yield from db.session.execute(query.execution_options(yield_per=at_once)).mappings()


def _worded(row: Mapping[Any, Any], words: Words) -> dict[Any, Any]:
    """The row as a person reads it: a reason in words in place of its code and facts, sealed values opened.

    A row with sealed values says in `sealed_for` what they were sealed for.
    """
    told = dict(row)
    purpose = told.pop("sealed_for", None)
    if purpose is not None:
        told |= {
            name: crypto.unseal(value, purpose=purpose) for name, value in told.items() if isinstance(value, bytes)
        }
    if "reason_facts" in told:
        told["reason"] = words(told["reason"], told.pop("reason_facts"))
    return told


def _text(value: Mapping[Any, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    """Moments as RFC 3339 in UTC, as everywhere in the API."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the document")


def profile(member: Member, *, now: datetime) -> dict[str, Any]:
    """Who they are, with their own phone and name in clear, and how their accounts stand."""
    balance, value = points_queries.get_balance(member.id, now=now), growth.value_of(member.id)
    name = member.name_sealed
    return {
        "id": member.public_id,
        "status": member.status,
        "phone": members.phone_of(member),
        "name": None if name is None else crypto.unseal(name, purpose=queries.NAME_PURPOSE),
        "card_no": member.card_no,
        "mall": mall_queries.get_mall(member.home_mall_id).name,
        "first_seen_at": member.created_at,
        "joined_at": member.joined_at,
        "points": balance.available_points,
        "points_frozen": balance.held_points,
        "points_owed": balance.debt_points,
        "growth": value,
        "tier": standings.tiers_of([member.id], now=now)[member.id],
        "messages_allowed": consents.stock(member.id),
    }
