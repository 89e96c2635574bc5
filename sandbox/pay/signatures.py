"""WeChat Pay's signatures: checking the merchant's, making the platform's, sealing notices."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from sandbox.kit import ids
from sandbox.kit.clock import Clock
from sandbox.kit.errors import PayRefusal
from sandbox.kit.settings import Settings, SettingsError
from sandbox.kit.world import World

SCHEME = "WECHATPAY2-SHA256-RSA2048"
PROBE = "WECHATPAY/SIGNTEST/"
_PAIR = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True)
class Signer:
    """A key of the platform, and what it is called in Wechatpay-Serial."""

    serial: str
    key: RSAPrivateKey


@dataclass(frozen=True)
class PayKeys:
    """The platform's keys, the merchant's public key and the APIv3 key.

    `certificate` signs for the fault of that name: the days of a merchant's change to the public key.
    """

    mchid: str
    merchant_serial: str
    apiv3_key: bytes
    platform: Signer
    merchant: RSAPublicKey
    certificate: Signer | None = None

    def check_request(self, clock: Clock, header: str, method: str, target: str, body: bytes) -> None:
        """Verify an Authorization header over the raw target and body. Raises PayRefusal 401 SIGN_ERROR."""
        scheme, _, rest = header.partition(" ")
        given = dict(_PAIR.findall(rest))
        timestamp, nonce = given.get("timestamp", ""), given.get("nonce_str", "")
        if scheme != SCHEME or given.get("mchid") != self.mchid:
            raise PayRefusal(401, "SIGN_ERROR", "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》")
        if given.get("serial_no", "").upper() != self.merchant_serial.upper():
            raise PayRefusal(401, "SIGN_ERROR", "商户证书序列号有误")
        if not timestamp.isdigit() or not clock.is_fresh(int(timestamp)):
            raise PayRefusal(401, "SIGN_ERROR", "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
        text = f"{method}\n{target}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"
        if not self.is_merchants(text, given.get("signature", "")):
            raise PayRefusal(401, "SIGN_ERROR", "签名错误，请检查后再试")

    def is_merchants(self, text: bytes, signature: str) -> bool:
        """Whether the merchant signed this text."""
        try:
            self.merchant.verify(base64.b64decode(signature, validate=True), text, PKCS1v15(), SHA256())
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True

    def signed(self, here: World, endpoint: str, body: bytes) -> dict[str, str]:
        """The headers over an answer (by its path) or a notice (by its event type), as the faults want them."""
        probe = here.faults.strike("signtest", "pay", endpoint) is not None
        by_certificate = self.certificate is not None and here.faults.strike("certificate", "pay", endpoint) is not None
        return self.headers(here.clock, body, probe=probe, signer=self.certificate if by_certificate else None)

    def headers(
        self, clock: Clock, body: bytes, *, probe: bool = False, signer: Signer | None = None
    ) -> dict[str, str]:
        """The five Wechatpay-* headers over an answer or notice; `probe` makes the deliberately wrong signature."""
        signer = signer or self.platform
        timestamp, nonce = str(int(clock.now())), ids.token(32)
        text = f"{timestamp}\n{nonce}\n".encode() + body + b"\n"
        signature = base64.b64encode(signer.key.sign(text, PKCS1v15(), SHA256())).decode()
        return {
            "Wechatpay-Timestamp": timestamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature": PROBE + signature if probe else signature,
            "Wechatpay-Serial": signer.serial,
            "Wechatpay-Signature-Type": SCHEME,
            "Request-ID": ids.token(32).upper(),
        }

    def seal(self, resource: Mapping[str, object], kind: str) -> dict[str, str]:
        """The encrypted `resource` of a notice."""
        nonce, label = ids.token(12), kind
        plain = json.dumps(resource, ensure_ascii=False).encode()
        sealed = AESGCM(self.apiv3_key).encrypt(nonce.encode(), plain, label.encode())
        return {
            "original_type": kind,
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": base64.b64encode(sealed).decode(),
            "associated_data": label,
            "nonce": nonce,
        }


def load(settings: Settings) -> PayKeys | None:
    """The keys named in the settings; None while WeChat Pay is not configured.

    Raises SettingsError when a file cannot be read or holds another kind of key.
    """
    if not settings.pay_private_key_file or not settings.pay_merchant_public_key_file:
        return None
    try:
        platform = _private_key(Path(settings.pay_private_key_file).read_bytes())
        merchant = load_pem_public_key(Path(settings.pay_merchant_public_key_file).read_bytes())
        certificate = _certificate(settings)
    except (OSError, ValueError) as error:
        raise SettingsError(f"WeChat Pay key files: {error}") from error
    if not isinstance(platform, RSAPrivateKey) or not isinstance(merchant, RSAPublicKey):
        raise SettingsError("WeChat Pay key files: RSA keys expected")
    key = settings.pay_apiv3_key.encode()
    if len(key) != 32:
        raise SettingsError("WECHAT_PAY_APIV3_KEY must have 32 characters")
    signer = Signer(settings.pay_public_key_id, platform)
    return PayKeys(settings.pay_mchid, settings.pay_serial, key, signer, merchant, certificate)


def _certificate(settings: Settings) -> Signer | None:
    """The platform's certificate, where the settings name one with its key."""
    if not settings.pay_certificate_file or not settings.pay_certificate_key_file:
        return None
    certificate = x509.load_pem_x509_certificate(Path(settings.pay_certificate_file).read_bytes())
    key = _private_key(Path(settings.pay_certificate_key_file).read_bytes())
    if not isinstance(key, RSAPrivateKey):
        raise SettingsError("WeChat Pay key files: RSA keys expected")
    return Signer(f"{certificate.serial_number:X}", key)


@cache  # proving that an RSA key is sound takes a tenth of a second, for each sandbox of a test run
def _private_key(pem: bytes) -> PrivateKeyTypes:
    return load_pem_private_key(pem, None)
