"""One effect per (caller, key): the first answer is kept and given again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db
from app.kernel.errors import IdempotencyConflict
from app.kernel.models import IdempotencyKey


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What a command was answered the first time."""

    status: int
    answer: dict[str, Any]


def fingerprint(command: str, payload: Mapping[str, Any]) -> str:
    """A digest of the command and its input, equal for equal input."""
    text = json.dumps([command, payload], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def begin(*, caller: str, key: str, fingerprint: str, now: datetime) -> KeptAnswer | None:
    """Take the key for this transaction, or return the answer it was given before.

    Two transactions with one key: the second waits at the unique key until the first commits, then reads its answer.
    Raises IdempotencyConflict when the key was used with other input.
    """
    taken = db.session.execute(
        insert(IdempotencyKey)
        .values(caller=caller, key=key, fingerprint=fingerprint, created_at=now)
        .on_conflict_do_nothing(index_elements=["caller", "key"])
        .returning(IdempotencyKey.key)
    ).first()
    if taken is not None:
        return None
    kept = db.session.execute(
        select(IdempotencyKey.fingerprint, IdempotencyKey.status, IdempotencyKey.answer).where(
            IdempotencyKey.caller == caller, IdempotencyKey.key == key
        )
    ).one()
    if kept.fingerprint != fingerprint:
        raise IdempotencyConflict(key=key)
    return KeptAnswer(status=kept.status or 200, answer=kept.answer or {})


def keep(*, caller: str, key: str, status: int, answer: dict[str, Any]) -> None:
    """Store the answer beside the key taken by `begin` in this transaction."""
    db.session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.caller == caller, IdempotencyKey.key == key)
        .values(status=status, answer=answer)
    )
