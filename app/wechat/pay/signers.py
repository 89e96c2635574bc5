"""Whose signature under an answer or a notice counts: WeChat Pay's public key, and its certificates beside it.

A merchant that changes from the platform's certificates to its public key gets both for some days: notices and answers
are signed by whichever half the platform has reached. Certificates are those of a file; none is fetched.
"""

import binascii
import logging
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from wechatpayv3.utils import load_public_key

from app.kernel import clock
from app.kernel.settings import PaySettings

logger = logging.getLogger(__name__)

SERIAL = "Wechatpay-Serial"
TIMESTAMP = "Wechatpay-Timestamp"
_NONCE = "Wechatpay-Nonce"
_SIGNATURE = "Wechatpay-Signature"
_TYPE = "Wechatpay-Signature-Type"
_KNOWN_TYPE = "WECHATPAY2-SHA256-RSA2048"


@dataclass(frozen=True, slots=True)
class Signers:
    """The public key's id and the platform's certificates, the latter each for as long as it is valid."""

    public_key_id: str
    public_key: RSAPublicKey = field(repr=False)
    certificates: tuple[x509.Certificate, ...]

    @classmethod
    def from_settings(cls, settings: PaySettings) -> "Signers":
        """Raises ValueError for certificates that cannot be read."""
        text = settings.platform_certificates.encode()
        certificates = tuple(x509.load_pem_x509_certificates(text)) if text else ()
        found = cls(settings.public_key_id, load_public_key(settings.public_key), certificates)
        for certificate in found.certificates:
            if not _is_valid(certificate):
                serial = f"{certificate.serial_number:X}"
                logger.warning("certificate of WeChat Pay is not valid now", extra={"serial": serial})
        return found

    def knows(self, serial: str) -> bool:
        """Whether what names this signer is to be checked at all."""
        return self._find_key(serial) is not None

    def have_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether one of them signed the bytes of a notice; the library checks nothing but text."""
        key = self._find_key(headers.get(SERIAL, ""))
        if key is None or headers.get(_TYPE) != _KNOWN_TYPE:
            return False
        head = f"{headers.get(TIMESTAMP, '')}\n{headers.get(_NONCE, '')}\n"
        try:
            signature = b64decode(headers.get(_SIGNATURE, ""), validate=True)
            key.verify(signature, head.encode() + body + b"\n", PKCS1v15(), SHA256())
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True

    def _find_key(self, serial: str) -> RSAPublicKey | None:
        if serial == self.public_key_id:
            return self.public_key
        number = _number(serial)
        fitting = (one.public_key() for one in self.certificates if one.serial_number == number and _is_valid(one))
        return next((key for key in fitting if isinstance(key, RSAPublicKey)), None)

    def install(self, core: Any) -> None:
        """Have the library check by these alone: for a serial it does not know it would call the platform."""
        core._certificates = list(self.certificates)
        check = core._verify_signature

        def verify(headers: Mapping[str, str], body: str) -> bool:
            return self.knows(headers.get(SERIAL, "")) and bool(check(headers, body))

        core._verify_signature = verify


def _number(serial: str) -> int | None:
    try:
        return int(serial, 16)
    except ValueError:
        return None


def _is_valid(certificate: x509.Certificate) -> bool:
    return certificate.not_valid_before_utc <= clock.now() <= certificate.not_valid_after_utc
