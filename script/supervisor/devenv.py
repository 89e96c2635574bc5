"""Secrets of a development machine: made once, kept in `<data>/dev.env`, shared by the product and the sandbox.

The sandbox plays WeChat, WeCom, WeChat Pay, the parking gate and the SMS provider, so it holds the other half of each.
"""

import base64
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from cli.demo import directory

FILE_NAME = "dev.env"
_TILL_MALL = "YH"  # whose stores the sandbox's till offers
_HEADER = (
    "# Development secrets, made by script/run. Good for the sandbox only; delete the data folder to start anew.\n"
)


def load_or_make(folder: Path) -> dict[str, str]:
    """The secrets of a data folder; values missing from an older file are added, those there are kept."""
    path = folder / FILE_NAME
    known = read(path) if path.exists() else {}
    values = {**_fixed_names(), **made_secrets(), **known}
    if values != known:
        write_private(path, _HEADER + "".join(f"{name}={value}\n" for name, value in values.items()))
    return {**values, **_pay_keys(folder.absolute() / "keys")}


def read(path: Path) -> dict[str, str]:
    """Names and values of a file of NAME=value lines."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name.strip(): value.strip() for name, _, value in pairs}


def addresses(port: int, sandbox_port: int) -> dict[str, str]:
    """Where product and sandbox find each other on this machine."""
    product, sandbox = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}"
    platforms = ("WECHAT_API_URL", "WECHAT_OPEN_URL", "WECOM_API_URL", "WECHAT_PAY_URL", "SMS_URL")
    return {
        **dict.fromkeys(platforms, sandbox),
        "HUITOU_PUBLIC_URL": product,
        "HUITOU_FRAME_ANCESTOR": sandbox,
        "SANDBOX_PORT": str(sandbox_port),
        "SANDBOX_PRODUCT_URL": product,
    }


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(path.name + ".new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    half.replace(path)


def _fixed_names() -> dict[str, str]:
    """Names the sandbox knows the group by; none of them is a secret."""
    return {
        "WECHAT_MINI_APPID": "wxsandboxmini0001",
        "WECHAT_OA_APPID": "wxsandboxoa00001",
        "WECHAT_TEMPLATE_ACTIVITY": "sandbox-template-activity",
        "WECHAT_TEMPLATE_BENEFIT": "sandbox-template-benefit",
        "WECHAT_TEMPLATE_MEMBER_DAY": "sandbox-template-member-day",
        "WECHAT_TEMPLATE_RECEIPT": "sandbox-template-receipt",
        "WECHAT_OA_TEMPLATE_POINTS": "sandbox-template-points",
        "WECOM_CORP_ID": "wwsandbox0001",
        "WECOM_CONTACT_USER": "huitou-guide",
        "WECHAT_PAY_MCHID": "1900000001",
        "WECHAT_PAY_PUBLIC_KEY_ID": "PUB_KEY_ID_0000000000000000000000000001",
        "SMS_ACCOUNT": "sandbox-sms",
        "SANDBOX_GATE_ID": "sandbox-gate",
        "SANDBOX_CAR_PARKS": "YH-P1=悦汇城地下停车场",
        "SANDBOX_POS_ID": "sandbox-pos",
        "SANDBOX_STORES": ",".join(f"{one.code}={one.name}" for one in directory.STORES if one.mall == _TILL_MALL),
    }


def made_secrets() -> dict[str, str]:
    """Every secret of a development stack, made anew."""
    return {
        "HUITOU_SECRET_KEY": secrets.token_urlsafe(48),
        "HUITOU_DATA_KEYS": f"1:{_key()}",
        "HUITOU_INDEX_KEY": _key(),
        "HUITOU_CODE_SIGNING_KEY": _key(),
        "HUITOU_MEMORY_KEY": _key(),
        "WECHAT_MINI_SECRET": secrets.token_hex(16),
        "WECHAT_MINI_PUSH_TOKEN": secrets.token_hex(12),
        "WECHAT_MINI_PUSH_AES_KEY": aes_key(),
        "WECHAT_OA_SECRET": secrets.token_hex(16),
        "WECOM_SECRET": secrets.token_urlsafe(32),
        "WECOM_CALLBACK_TOKEN": secrets.token_hex(12),
        "WECOM_CALLBACK_AES_KEY": aes_key(),
        "WECHAT_PAY_SERIAL": secrets.token_hex(20).upper(),
        "WECHAT_PAY_APIV3_KEY": secrets.token_hex(16),
        "SMS_KEY": secrets.token_hex(32),
        "SANDBOX_GATE_SECRET": secrets.token_hex(32),
        "SANDBOX_POS_SECRET": secrets.token_hex(32),
    }


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def aes_key() -> str:
    """WeChat's EncodingAESKey: 43 letters and digits, base64 of 32 bytes without its padding."""
    while True:
        text = _key().rstrip("=")
        if text.isalnum():
            return text


def _pay_keys(folder: Path) -> dict[str, str]:
    """Two RSA pairs: the merchant's signs the product's requests, the platform's signs the sandbox's answers.

    And a certificate of the platform with its key, as it signs while a merchant changes to the public key.
    """
    merchant, platform, certificate = folder / "pay-merchant", folder / "pay-platform", folder / "pay-certificate"
    for stem in (merchant, platform):
        if not stem.with_suffix(".pub").exists():
            _write_pair(stem)
    if not certificate.with_suffix(".crt").exists():
        _write_certificate(certificate)
    return {
        "WECHAT_PAY_PRIVATE_KEY_FILE": str(merchant.with_suffix(".pem")),
        "WECHAT_PAY_MERCHANT_PUBLIC_KEY_FILE": str(merchant.with_suffix(".pub")),
        "WECHAT_PAY_PUBLIC_KEY_FILE": str(platform.with_suffix(".pub")),
        "WECHAT_PAY_PLATFORM_CERTIFICATES_FILE": str(certificate.with_suffix(".crt")),
        "SANDBOX_PAY_PRIVATE_KEY_FILE": str(platform.with_suffix(".pem")),
        "SANDBOX_PAY_CERTIFICATE_KEY_FILE": str(certificate.with_suffix(".pem")),
    }


def _write_pair(stem: Path) -> None:
    """The public half is written last: where it stands, the pair is whole."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = _private(key)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    write_private(stem.with_suffix(".pem"), private)
    write_private(stem.with_suffix(".pub"), public.decode())


def _write_certificate(stem: Path) -> None:
    """Valid whatever the stack's clock says; written last, as a pair's public half is."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sandbox platform")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    write_private(stem.with_suffix(".pem"), _private(key))
    write_private(stem.with_suffix(".crt"), certificate.public_bytes(serialization.Encoding.PEM).decode())


def _private(key: rsa.RSAPrivateKey) -> str:
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem.decode()
