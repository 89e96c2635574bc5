"""A small proof of work before a refusal: whoever tries much pays for it, and shuts nobody else out.

A challenge is answered by a number that makes its SHA-256 begin with so many zero bits: a moment for a browser, and
four times as long for every doubling of the tries. Who cannot compute waits instead, one at a time. A challenge is ours
by its digest, good for the address that it was given to, for ten minutes, and once.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.kernel.errors import Throttled
from app.kernel.security import codes, crypto
from app.verification import throttle
from app.verification.errors import ProofRequired

LIFETIME_S = 600
FIRST_BITS = 14
MOST_BITS = 30
FIRST_WAIT_S, MOST_WAIT_S = 30, 480
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Proof:
    """A challenge and the number that answers it; no number by who has waited."""

    challenge: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """So many tries in a window cost nothing; what comes after costs more with every doubling."""

    bucket: str
    free: int
    window_s: int


@dataclass(frozen=True, slots=True)
class Payer:
    """Who tries: what for, from which address, and whose waiting it would be."""

    action: str
    address: str
    waits_as: str


def bits_for(tries: int, *, free: int) -> int:
    """What a try with this number costs."""
    if tries <= free:
        return 0
    return min(FIRST_BITS + 2 * (math.ceil(math.log2(tries / free)) - 1), MOST_BITS)


def wait_for(bits: int) -> int:
    """How many seconds it takes those who cannot compute."""
    return min(FIRST_WAIT_S << max(bits - FIRST_BITS, 0) // 2, MOST_WAIT_S)


def count(prices: Sequence[Price], payer: Payer, proof: Proof | None, *, now: datetime, at_least: int = 0) -> None:
    """Count a try in all its buckets, once it is paid for; raises ProofRequired, and then nothing is counted."""
    tries = [throttle.count_tries(price.bucket, window_s=price.window_s, now=now) + 1 for price in prices]
    costs = [bits_for(number, free=price.free) for number, price in zip(tries, prices, strict=True)]
    bits = max(at_least, *costs)
    ensure(bits, payer, proof, now=now)
    for price in prices:
        throttle.note(price.bucket, window_s=price.window_s, now=now)


def ensure(bits: int, payer: Payer, proof: Proof | None, *, now: datetime) -> None:
    """Raises ProofRequired with a challenge of so many bits, unless the proof is worth as much; nought is free."""
    if bits and (proof is None or not _is_paid(bits, payer, proof, now=now)):
        raise ProofRequired(challenge=_challenge(bits, payer, now=now), bits=bits, retry_after_s=wait_for(bits))


def _challenge(bits: int, payer: Payer, *, now: datetime) -> str:
    body = f"{bits}.{int(now.timestamp())}.{codes.new_token()[:16]}"
    return f"{body}.{_digest(body, payer)}"


def _digest(body: str, payer: Payer) -> str:
    return crypto.blind_index(f"{payer.action}\0{payer.address}\0{body}", purpose="proof")[:32]


def _is_paid(bits: int, payer: Payer, proof: Proof, *, now: datetime) -> bool:
    body, _, digest = proof.challenge.rpartition(".")
    if not body.isascii() or digest != _digest(body, payer):
        return False
    given, made_at, nonce = body.split(".")
    age_s = now.timestamp() - int(made_at)
    if int(given) < bits or not 0 <= age_s + 1 <= LIFETIME_S:
        return False
    solved = is_solved(proof, int(given))
    return (solved or _has_waited(age_s, int(given), payer, now=now)) and _once(f"proof:{nonce}", _DAY_S, now)


def is_solved(proof: Proof, bits: int) -> bool:
    """Whether the number answers the challenge."""
    if not (proof.answer.isascii() and proof.answer.isdecimal() and len(proof.answer) <= 12):
        return False
    digest = hashlib.sha256(f"{proof.challenge}:{proof.answer}".encode()).digest()
    return int.from_bytes(digest[:8]) >> (64 - bits) == 0


def _has_waited(age_s: float, bits: int, payer: Payer, *, now: datetime) -> bool:
    """Waiting is for one at a time: who computes nothing may not wait for many."""
    wait_s = wait_for(bits)
    return age_s >= wait_s and _once(f"proof_wait:{payer.action}:{payer.waits_as}", wait_s, now)


def _once(bucket: str, window_s: int, now: datetime) -> bool:
    try:
        throttle.count_attempt(bucket, limit=1, window_s=window_s, now=now)
    except Throttled:
        return False
    return True
