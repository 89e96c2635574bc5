"""Personal data at rest (AES-256-GCM with numbered keys), blind indexes, and signatures.

The key ring is configured once per process from the settings. A value carries the number of the key that sealed it, so
keys rotate: add a new number, re-seal in the background, drop the old one.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.kernel.settings import Settings


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of this process."""

    data_keys: dict[int, bytes]
    current: int
    index_key: bytes
    memory_key: bytes
    signing_key: Ed25519PrivateKey


class SealBroken(Exception):
    """The sealed value was altered, belongs elsewhere, or its key is no longer on the ring."""


_ring: KeyRing | None = None


def configure(settings: Settings) -> None:
    """Put the settings' keys on this process's ring."""
    global _ring
    _ring = KeyRing(
        data_keys=dict(settings.data_keys),
        current=settings.data_keys[-1][0],
        index_key=settings.index_key,
        memory_key=settings.memory_key,
        signing_key=Ed25519PrivateKey.from_private_bytes(settings.code_signing_key),
    )


def _keys() -> KeyRing:
    if _ring is None:
        raise ValueError("crypto.configure(settings) has not been called")
    return _ring


def seal(text: str, *, purpose: str) -> bytes:
    """Encrypt text for one purpose; it opens only under the same purpose. Layout: key number, nonce, ciphertext."""
    return seal_bytes(text.encode(), purpose=purpose)


def seal_bytes(data: bytes, *, purpose: str) -> bytes:
    """The same for any bytes."""
    ring = _keys()
    nonce = os.urandom(12)
    cipher = AESGCM(ring.data_keys[ring.current]).encrypt(nonce, data, purpose.encode())
    return bytes([ring.current]) + nonce + cipher


def unseal(sealed: bytes, *, purpose: str) -> str:
    """Decrypt what `seal` made for the purpose; raises SealBroken."""
    return unseal_bytes(sealed, purpose=purpose).decode()


def unseal_bytes(sealed: bytes, *, purpose: str) -> bytes:
    """Decrypt what `seal_bytes` made for the purpose; raises SealBroken."""
    key = _keys().data_keys.get(sealed[0]) if sealed else None
    if key is None:
        raise SealBroken
    try:
        return AESGCM(key).decrypt(sealed[1:13], sealed[13:], purpose.encode())
    except InvalidTag as error:
        raise SealBroken from error


def current_key() -> int:
    """The number of the key that seals; every sealed value begins with the number of its own."""
    return _keys().current


def blind_index(text: str, *, purpose: str) -> str:
    """A keyed digest for equality look-ups of sealed values."""
    return _keyed(_keys().index_key, text, purpose)


def memory_digest(text: str, *, purpose: str) -> str:
    """A digest under the key of what is remembered of who left: by no other look-up can it be found."""
    return _keyed(_keys().memory_key, text, purpose)


def _keyed(key: bytes, text: str, purpose: str) -> str:
    return hmac.digest(key, f"{purpose}\x00{text}".encode(), "sha256").hex()


def digest(token: str) -> str:
    """What is stored of an unguessable token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign(message: bytes) -> bytes:
    """The product's Ed25519 signature (64 bytes), checkable offline with `public_key`."""
    return _keys().signing_key.sign(message)


def is_signed(message: bytes, signature: bytes) -> bool:
    """Whether the product signed the message."""
    try:
        _keys().signing_key.public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return True


def public_key() -> bytes:
    """The 32 bytes a till needs to check signatures without network."""
    return _keys().signing_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
