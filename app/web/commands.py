"""Commands: one unit of work, one effect per idempotency key, the first answer given again."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, jsonify, request

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
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyMissing
    return key


def run_once(caller: str, payload: Mapping[str, Any], act: Callable[[], Answer]) -> Response:
    """Do `act` in one transaction unless this caller's key was answered before; refusals keep nothing.

    The command is named by method and path, so one key cannot serve two commands.
    """
    key = idempotency_key()
    fingerprint = idempotency.fingerprint(f"{request.method} {request.path}", payload)
    with atomic():
        kept = idempotency.begin(caller=caller, key=key, fingerprint=fingerprint, now=clock.now())
        if kept is not None:
            return _respond(kept.status, kept.answer)
        status, body = act()
        idempotency.keep(caller=caller, key=key, status=status, answer=body)
    return _respond(status, body)


def _respond(status: int, body: dict[str, Any]) -> Response:
    response = jsonify(body) if status != 204 else Response()
    response.status_code = status
    return response
