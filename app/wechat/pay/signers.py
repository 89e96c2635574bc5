"""Whose signature under an answer or a notice counts: WeChat Pay's public key, and its certificates beside it.

A merchant that changes from the platform's certificates to its public key gets both for some days: notices and answers
are signed by whichever half the platform has reached. Certificates are those of a file; none is fetched.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography import x509

from app.kernel import clock
from app.kernel.settings import PaySettings

logger = logging.getLogger(__name__)

SERIAL = "Wechatpay-Serial"


@dataclass(frozen=True, slots=True)
class Signers:
    """The public key's id and the platform's certificates, the latter each for as long as it is valid."""

    public_key_id: str
    certificates: tuple[x509.Certificate, ...]

    @classmethod
    def from_settings(cls, settings: PaySettings) -> "Signers":
        """Raises ValueError for certificates that cannot be read."""
        text = settings.platform_certificates.encode()
        found = cls(settings.public_key_id, tuple(x509.load_pem_x509_certificates(text)) if text else ())
        for certificate in found.certificates:
            if not _is_valid(certificate):
                serial = f"{certificate.serial_number:X}"
                logger.warning("certificate of WeChat Pay is not valid now", extra={"serial": serial})
        return found

    def knows(self, serial: str) -> bool:
        """Whether what names this signer is to be checked at all."""
        if serial == self.public_key_id:
            return True
        return any(one.serial_number == _number(serial) and _is_valid(one) for one in self.certificates)

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
