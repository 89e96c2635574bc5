"""One effect per (caller, key): the first answer is kept and given again."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import FromClause, bindparam, delete, select
from sqlalchemy.dialects.postgresql import Insert, insert

from app.kernel.db import db, table_of
from app.kernel.errors import IdempotencyConflict
from app.kernel.fastpath import fragments
from app.kernel.fastpath.prepared import Prepared
from app.kernel.models import IdempotencyKey

KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What a caller asked for, under their own key; the fingerprint tells it from other input under the same key."""

    caller: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What a command was answered the first time."""

    status: int
    answer: dict[str, Any]


def fingerprint(command: str, payload: Mapping[str, Any]) -> str:
    """A digest of the command and its input, equal for equal input."""
    text = json.dumps([command, payload], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


_COLUMNS = table_of(IdempotencyKey).c
_SELECT = Prepared(
    select(_COLUMNS.fingerprint, _COLUMNS.status, _COLUMNS.answer).where(
        _COLUMNS.caller == bindparam("caller"), _COLUMNS.key == bindparam("key")
    )
)
_FIELDS = ("caller", "key", "fingerprint", "status", "answer", "created_at")
_INSERT = Prepared(
    insert(table_of(IdempotencyKey))
    .values({name: bindparam(name) for name in _FIELDS})
    .on_conflict_do_nothing(index_elements=["caller", "key"])
)


def find(*, caller: str, key: str, fingerprint: str) -> KeptAnswer | None:
    """The answer this caller's key was given before; raises IdempotencyConflict when it was for other input."""
    kept = _SELECT.first(caller=caller, key=key)
    if kept is None:
        return None
    if kept.fingerprint != fingerprint:
        raise IdempotencyConflict(key=key)
    return KeptAnswer(status=kept.status, answer=kept.answer)


class AnsweredMeanwhile(Exception):
    """The same command, sent twice at once, was answered by the other request: what this one did must not stay."""


def keep(*, caller: str, key: str, fingerprint: str, status: int, answer: dict[str, Any], now: datetime) -> None:
    """Store the answer at the end of the transaction that made it.

    Raises AnsweredMeanwhile there when another transaction kept one first: the unique key waits for a transaction that
    is storing the same key, so the other one is committed. Its answer is then the one to give.
    """
    values = row(caller=caller, key=key, fingerprint=fingerprint, status=status, answer=answer, now=now)
    _INSERT.later(values, check=_ensure_first)


def row(
    *, caller: str, key: str, fingerprint: str, status: int, answer: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """The values of a kept answer, as `keep` writes them."""
    return {
        "caller": caller,
        "key": key,
        "fingerprint": fingerprint,
        "status": status,
        "answer": answer,
        "created_at": now,
    }


def insert_for_each(origin: FromClause, *, prefix: str) -> Insert:
    """What `keep` writes, as a part of a larger statement; its values are those of `row`.

    A key that is taken breaks the statement with an IntegrityError.
    """
    return fragments.insert_for_each(origin, table_of(IdempotencyKey), _FIELDS, prefix=prefix)


def _ensure_first(rows: int) -> None:
    if not rows:
        raise AnsweredMeanwhile


def forget(callers: Sequence[str]) -> None:
    """Drop the answers these callers were given: they tell who the callers are."""
    db.session.execute(delete(IdempotencyKey).where(IdempotencyKey.caller.in_(callers)))


def sweep(*, now: datetime) -> int:
    """Forget answers kept for more than a week; returns how many."""
    result = db.session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now - KEPT))
    return int(getattr(result, "rowcount", 0))
