"""Commands: one unit of work, one effect per idempotency key, the first answer given again."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy.exc import DataError, IntegrityError

from app.kernel import clock, idempotency
from app.kernel.db import atomic
from app.kernel.errors import DomainError

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")

Answer = tuple[int, dict[str, Any]]


class IdempotencyKeyMissing(DomainError):
    """A command needs an Idempotency-Key header of 8-64 letters, digits, dashes or underscores."""

    code = "idempotency_key_missing"


def idempotency_key() -> str:
    """The request's key; raises IdempotencyKeyMissing."""
    return checked_key(request.headers.get("Idempotency-Key", ""))


def checked_key(key: str) -> str:
    """The key if it is well formed; raises IdempotencyKeyMissing."""
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyMissing
    return key


def run_once(
    caller: str, payload: Mapping[str, Any], act: Callable[[], Answer], *, look_first: bool = True
) -> Response:
    """Do `act` in one transaction, at most once per caller and key; a repeat gets the first answer.

    Method and path are part of the fingerprint, so one key cannot serve two commands. Whatever `act` did is rolled back
    when the key turns out to be answered already; looking first only saves the work. Refusals are not kept.
    """
    return _respond(answer_once(caller, idempotency_key(), payload, act, look_first=look_first))


def run_whole(
    caller: str, payload: Mapping[str, Any], act: Callable[[idempotency.Command], idempotency.KeptAnswer | None]
) -> Response | None:
    """Do an act that is one statement and keeps its own answer (app.flows.hot).

    None, with nothing done, when something was in the way: `run_once` with the plain act says what.
    """
    command = idempotency.Command(caller=caller, key=idempotency_key(), fingerprint=_fingerprint(payload))
    try:
        with atomic():
            kept = act(command)
    except (IntegrityError, DataError):
        return None
    return None if kept is None else _respond(kept)


def _fingerprint(payload: Mapping[str, Any]) -> str:
    return idempotency.fingerprint(f"{request.method} {request.path}", payload)


def find_answer(caller: str, payload: Mapping[str, Any]) -> Response | None:
    """What this very request was answered before; raises IdempotencyConflict when its key was for another one."""
    kept = find_done(caller, idempotency_key(), payload)
    return None if kept is None else _respond(kept)


def find_kept(caller: str, key: str, payload: Mapping[str, Any]) -> idempotency.KeptAnswer | None:
    """As `find_answer`, for whoever has the key from elsewhere and is in a transaction."""
    return idempotency.find(caller=caller, key=key, fingerprint=_fingerprint(payload))


def find_done(caller: str, key: str, payload: Mapping[str, Any]) -> idempotency.KeptAnswer | None:
    """The same in a transaction of its own."""
    with atomic():
        return find_kept(caller, key, payload)


def keep(caller: str, key: str, payload: Mapping[str, Any], *, answer: Mapping[str, Any], now: datetime) -> None:
    """Keep what a command of several steps is answered, in the transaction of its last one."""
    fingerprint = _fingerprint(payload)
    idempotency.keep(caller=caller, key=key, fingerprint=fingerprint, status=303, answer=dict(answer), now=now)


def answer_once(
    caller: str, key: str, payload: Mapping[str, Any], act: Callable[[], Answer], *, look_first: bool = True
) -> idempotency.KeptAnswer:
    """What `run_once` does, for whoever has the key from elsewhere and answers in another form than JSON."""
    fingerprint = _fingerprint(payload)

    def find() -> idempotency.KeptAnswer | None:
        return idempotency.find(caller=caller, key=key, fingerprint=fingerprint)

    try:
        with atomic():
            kept = find() if look_first else None
            return kept or _act_and_keep(caller, key, fingerprint, act)
    except (idempotency.AnsweredMeanwhile, DomainError, IntegrityError):
        with atomic():
            kept = find()
        if kept is None:
            raise
        return kept


def _act_and_keep(caller: str, key: str, fingerprint: str, act: Callable[[], Answer]) -> idempotency.KeptAnswer:
    status, answer = act()
    idempotency.keep(caller=caller, key=key, fingerprint=fingerprint, status=status, answer=answer, now=clock.now())
    return idempotency.KeptAnswer(status=status, answer=answer)


def _respond(kept: idempotency.KeptAnswer) -> Response:
    response = jsonify(kept.answer) if kept.status != 204 else Response()
    response.status_code = kept.status
    return response
