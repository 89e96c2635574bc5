"""Requests between machines: one HMAC signature for tills, gates and the SMS provider, in both directions.

The signature covers method, target, time, nonce and body. Whether a nonce was used before is for the receiver to keep;
here is only what needs no memory.
"""

import hashlib
import hmac
import re
from datetime import datetime

from app.kernel.security import codes

CLIENT_HEADER = "X-Client-Id"
TIMESTAMP_HEADER = "X-Timestamp"
NONCE_HEADER = "X-Nonce"
SIGNATURE_HEADER = "X-Signature"

# How far a machine's clock may be from ours.
TOLERANCE_S = 300

_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


def canonical(*, method: str, target: str, timestamp: str, nonce: str, body: bytes) -> str:
    """The text under the signature; `target` is the path with its query exactly as on the wire."""
    return "\n".join([method.upper(), target, timestamp, nonce, hashlib.sha256(body).hexdigest()])


def signature(secret: str, *, method: str, target: str, timestamp: str, nonce: str, body: bytes) -> str:
    """Hex HMAC-SHA256 of the canonical text."""
    text = canonical(method=method, target=target, timestamp=timestamp, nonce=nonce, body=body)
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def headers(client_id: str, secret: str, *, method: str, target: str, body: bytes, now: datetime) -> dict[str, str]:
    """Fresh headers for a request of ours."""
    timestamp, nonce = str(int(now.timestamp())), codes.new_token()
    signed = signature(secret, method=method, target=target, timestamp=timestamp, nonce=nonce, body=body)
    return {
        CLIENT_HEADER: client_id,
        TIMESTAMP_HEADER: timestamp,
        NONCE_HEADER: nonce,
        SIGNATURE_HEADER: signed,
    }


def is_signed(
    secret: str, given: str, *, method: str, target: str, timestamp: str, nonce: str, body: bytes, now: datetime
) -> bool:
    """Whether the secret's holder signed this request just now; a malformed time or nonce is no signature."""
    if not _is_current(timestamp, now) or not _NONCE.fullmatch(nonce):
        return False
    expected = signature(secret, method=method, target=target, timestamp=timestamp, nonce=nonce, body=body)
    return hmac.compare_digest(expected.encode(), given.encode())


def _is_current(timestamp: str, now: datetime) -> bool:
    # isdecimal() alone would let other scripts' digits and endless numbers through.
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= TOLERANCE_S
