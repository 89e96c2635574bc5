"""Requests between machines: one HMAC signature for tills, gates and the SMS provider, in both directions.

The signature covers method, target, time, nonce and body. Whether a nonce was used before is for the receiver to keep;
here is only what needs no memory.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.kernel.security import codes

CLIENT_HEADER = "X-Client-Id"
TIMESTAMP_HEADER = "X-Timestamp"
NONCE_HEADER = "X-Nonce"
SIGNATURE_HEADER = "X-Signature"

# How far a machine's clock may be from ours.
TOLERANCE_S = 300

_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True)
class Call:
    """What is signed of a request; `target` is the path with its query exactly as on the wire."""

    method: str
    target: str
    body: bytes


@dataclass(frozen=True, slots=True)
class SignedHeaders:
    """Who says to have signed a request, and when, as its headers came."""

    client_id: str
    timestamp: str
    nonce: str
    signature: str

    @classmethod
    def read(cls, header: Callable[[str], str]) -> "SignedHeaders":
        """The headers that `header` looks up by name."""
        return cls(header(CLIENT_HEADER), header(TIMESTAMP_HEADER), header(NONCE_HEADER), header(SIGNATURE_HEADER))


def canonical(call: Call, *, timestamp: str, nonce: str) -> str:
    """The text under the signature."""
    return "\n".join([call.method.upper(), call.target, timestamp, nonce, hashlib.sha256(call.body).hexdigest()])


def signature(secret: str, call: Call, *, timestamp: str, nonce: str) -> str:
    """Hex HMAC-SHA256 of the canonical text."""
    text = canonical(call, timestamp=timestamp, nonce=nonce)
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def headers(client_id: str, secret: str, call: Call, *, now: datetime) -> dict[str, str]:
    """Fresh headers for a request of ours."""
    timestamp, nonce = str(int(now.timestamp())), codes.new_token()
    return {
        CLIENT_HEADER: client_id,
        TIMESTAMP_HEADER: timestamp,
        NONCE_HEADER: nonce,
        SIGNATURE_HEADER: signature(secret, call, timestamp=timestamp, nonce=nonce),
    }


def is_signed(secret: str, call: Call, given: SignedHeaders, *, now: datetime) -> bool:
    """Whether the secret's holder signed this request just now; a malformed time or nonce is no signature."""
    if not _is_current(given.timestamp, now) or not _NONCE.fullmatch(given.nonce):
        return False
    expected = signature(secret, call, timestamp=given.timestamp, nonce=given.nonce)
    return hmac.compare_digest(expected.encode(), given.signature.encode())


def _is_current(timestamp: str, now: datetime) -> bool:
    # isdecimal() alone would let other scripts' digits and endless numbers through.
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= TOLERANCE_S
