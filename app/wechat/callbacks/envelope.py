"""The sealed envelope of callbacks, the same for the mini-program's push and for WeCom.

Verified before anything in it is believed: the signature first, then the cipher, then whether it was meant for us.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from app.wechat.errors import CallbackRefused

# How old a signed callback may be; the platforms repeat one within seconds, each time signed.
TOLERANCE_S = 600
# 16 random bytes and the four of the length come before the message.
_HEAD = 20
_BLOCK = 32


@dataclass(frozen=True, slots=True)
class Envelope:
    """Token, EncodingAESKey (43 characters) and receiver (appid or corp id) of one callback address."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    receiver: str

    def opened(self, encrypted: str, query: Mapping[str, str], *, now: datetime) -> str:
        """The message, verified by the query's msg_signature, timestamp and nonce. Raises CallbackRefused."""
        self.ensure_signed(query.get("msg_signature", ""), query, encrypted, now=now)
        return self._decrypted(encrypted)

    def ensure_signed(self, signature: str, query: Mapping[str, str], *parts: str, now: datetime) -> None:
        """Raises CallbackRefused unless the platform signed the parts a short while ago."""
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        expected = sorted_digest(self.token, timestamp, nonce, *parts)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise CallbackRefused
        if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
            raise CallbackRefused
        if abs(now.timestamp() - int(timestamp)) > TOLERANCE_S:
            raise CallbackRefused

    def _decrypted(self, encrypted: str) -> str:
        try:
            key = base64.b64decode(self.aes_key + "=", validate=True)
            decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
            padded = decryptor.update(base64.b64decode(encrypted, validate=True)) + decryptor.finalize()
            return self._unpacked(padded)
        except (ValueError, struct.error, IndexError, binascii.Error) as error:
            raise CallbackRefused from error

    def _unpacked(self, padded: bytes) -> str:
        # PKCS7 with a block of 32: 1 to 32 bytes of padding.
        if not 1 <= padded[-1] <= _BLOCK:
            raise ValueError("padding")
        plain = padded[: -padded[-1]]
        (length,) = struct.unpack(">I", plain[16:_HEAD])
        message, receiver = plain[_HEAD : _HEAD + length], plain[_HEAD + length :]
        if len(message) != length or not hmac.compare_digest(receiver, self.receiver.encode()):
            raise ValueError("receiver")
        return message.decode(errors="replace")


def sorted_digest(*parts: str) -> str:
    """The SHA-1 over the sorted parts that both platforms prescribe."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()
