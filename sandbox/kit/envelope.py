"""The message crypto of WeChat's and WeCom's callbacks: AES-256-CBC envelopes with a sorted-SHA-1 signature."""

import base64
import hashlib
import secrets
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32  # The padding block of these platforms, twice the cipher's own.


@dataclass(frozen=True)
class Envelope:
    """Token, key (43 characters of base64) and receiver id of one callback URL."""

    token: str
    aes_key: str
    receiver: str

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def sign(self, timestamp: str, nonce: str, *parts: str) -> str:
        """The sorted SHA-1 over token, timestamp, nonce and the encrypted text, if any."""
        # SHA-1 is what the platforms prescribe.
        return hashlib.sha1("".join(sorted([self.token, timestamp, nonce, *parts])).encode()).hexdigest()  # noqa: S324

    def encrypt(self, message: str) -> str:
        """The base64 text for `Encrypt` or `echostr`."""
        body = message.encode()
        plain = secrets.token_bytes(16) + struct.pack(">I", len(body)) + body + self.receiver.encode()
        pad = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()


def to_xml(fields: dict[str, object]) -> str:
    """The platforms' XML: texts as CDATA, numbers bare, a list as repeated `List` elements."""
    return f"<xml>{_elements(fields)}</xml>"


def _elements(fields: dict[str, object]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_element(name, item) for item in value)
    if isinstance(value, dict):
        return f"<{name}>{_elements(value)}</{name}>"
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    # A CDATA section cannot hold its own end mark: it is split over two.
    text = str(value).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{text}]]></{name}>"
