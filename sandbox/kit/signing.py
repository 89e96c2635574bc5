"""The HMAC signature of machine requests (gate, till, SMS provider), in both directions."""

import hashlib
import hmac
import re
import secrets
import sqlite3

from flask import Request

from sandbox.kit.clock import Clock
from sandbox.kit.store import Store

_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_REMEMBERED_S = 900


def signature(secret: str, method: str, target: str, timestamp: str, nonce: str, body: bytes) -> str:
    """Hex HMAC-SHA256 over method, path with query, timestamp, nonce and the body's SHA-256."""
    text = "\n".join([method, target, timestamp, nonce, hashlib.sha256(body).hexdigest()])
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def headers(clock: Clock, client_id: str, secret: str, target: str, body: bytes) -> dict[str, str]:
    """Fresh headers for a POST of ours."""
    timestamp, nonce = str(int(clock.now())), secrets.token_urlsafe(18)
    return {
        "Content-Type": "application/json",
        "X-Client-Id": client_id,
        "X-Timestamp": timestamp,
        "X-Nonce": nonce,
        "X-Signature": signature(secret, "POST", target, timestamp, nonce, body),
    }


def refusal(store: Store, clock: Clock, request: Request, secret: str) -> str | None:
    """Why a signed request of the product is refused: `bad_signature`, `replayed_request`; None when it is good."""
    given, target = request.headers, request.full_path.rstrip("?")
    timestamp, nonce = given.get("X-Timestamp", ""), given.get("X-Nonce", "")
    if not secret or not timestamp.isdigit() or not _NONCE.fullmatch(nonce) or not clock.is_fresh(int(timestamp)):
        return "bad_signature"
    wanted = signature(secret, request.method, target, timestamp, nonce, request.get_data())
    if not hmac.compare_digest(wanted, given.get("X-Signature", "")):
        return "bad_signature"
    with store.transaction() as connection:
        connection.execute("DELETE FROM nonces WHERE at < ?", (clock.now() - _REMEMBERED_S,))
        try:
            store.insert("nonces", client=given.get("X-Client-Id", ""), nonce=nonce, at=clock.now())
        except sqlite3.IntegrityError:
            return "replayed_request"
    return None
