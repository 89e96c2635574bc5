"""What the sandbox reads from its environment, once, at the start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# The pages of the published mini-program; a code or a message for any other page is refused like the platform does.
# Those of the mini-program, as miniprogram/src/pages.json has them.
DEFAULT_PAGES = (
    "card join coupons parking me coupon tasks points exchange claims photos invite circle tier paid invoices "
    "profile data stores signin"
)


class SettingsError(ValueError):
    """A setting is missing or forbidden; the message names it."""


@dataclass(frozen=True)
class Settings:
    """The other side of the product's settings: ids, secrets and keys the platforms would know."""

    port: int
    data: Path
    product_url: str
    clock_offset_s: float
    mini_appid: str
    mini_secret: str
    mini_push_token: str
    mini_push_aes_key: str
    mini_push_format: str
    mini_pages: tuple[str, ...]
    templates: Mapping[str, str]
    oa_appid: str
    oa_secret: str
    corp_id: str
    corp_secret: str
    corp_callback_token: str
    corp_callback_aes_key: str
    corp_users: tuple[str, ...]
    pay_mchid: str
    pay_serial: str
    pay_apiv3_key: str
    pay_public_key_id: str
    pay_private_key_file: str
    pay_merchant_public_key_file: str
    pay_certificate_file: str
    pay_certificate_key_file: str
    gate_id: str
    gate_secret: str
    car_parks: Mapping[str, str]
    pos_id: str
    pos_secret: str
    stores: Mapping[str, str]
    sms_account: str
    sms_key: str
    wecom_retry_s: float = 5.0
    pay_retry_scale: float = 1 / 15
    circle_brand_id: int = 1001

    @property
    def base_url(self) -> str:
        """Where this sandbox answers."""
        return f"http://127.0.0.1:{self.port}"


def _pages(text: str) -> tuple[str, ...]:
    """`card` stands for `pages/card/index`; a name with a slash stands for `pages/<name>`."""
    names = text.replace(",", " ").split()
    return tuple(n if n.startswith("pages/") else f"pages/{n}" if "/" in n else f"pages/{n}/index" for n in names)


def _pairs(text: str) -> dict[str, str]:
    """`P1=North car park,P2` → {"P1": "North car park", "P2": "P2"}."""
    parts = [p.strip() for p in text.split(",") if p.strip()]
    return {p.partition("=")[0].strip(): p.partition("=")[2].strip() or p.partition("=")[0].strip() for p in parts}


def from_env(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; refuse production, and a missing name that nothing works without.

    Raises SettingsError.
    """
    env = os.environ if env is None else env
    if env.get("HUITOU_ENV", "").strip().lower() == "production":
        raise SettingsError("the sandbox does not start with HUITOU_ENV=production")
    missing = [name for name in ("SANDBOX_PORT", "SANDBOX_DATA", "SANDBOX_PRODUCT_URL") if not env.get(name)]
    if missing:
        raise SettingsError(f"missing in the environment: {', '.join(missing)}")
    get = env.get
    return Settings(
        port=int(env["SANDBOX_PORT"]),
        data=Path(env["SANDBOX_DATA"]),
        product_url=env["SANDBOX_PRODUCT_URL"].rstrip("/"),
        clock_offset_s=float(get("HUITOU_CLOCK_OFFSET_SECONDS") or 0),
        mini_appid=get("WECHAT_MINI_APPID", "wxsandboxmini0001"),
        mini_secret=get("WECHAT_MINI_SECRET", ""),
        mini_push_token=get("WECHAT_MINI_PUSH_TOKEN", ""),
        mini_push_aes_key=get("WECHAT_MINI_PUSH_AES_KEY", ""),
        mini_push_format=get("SANDBOX_PUSH_FORMAT", "xml"),
        mini_pages=_pages(get("SANDBOX_MINI_PAGES") or DEFAULT_PAGES),
        templates={
            "activity": get("WECHAT_TEMPLATE_ACTIVITY", ""),
            "benefit": get("WECHAT_TEMPLATE_BENEFIT", ""),
            "member_day": get("WECHAT_TEMPLATE_MEMBER_DAY", ""),
            "receipt": get("WECHAT_TEMPLATE_RECEIPT", ""),
            "points": get("WECHAT_OA_TEMPLATE_POINTS", ""),
        },
        oa_appid=get("WECHAT_OA_APPID", "wxsandboxoa00001"),
        oa_secret=get("WECHAT_OA_SECRET", ""),
        corp_id=get("WECOM_CORP_ID", "wwsandbox0001"),
        corp_secret=get("WECOM_SECRET", ""),
        corp_callback_token=get("WECOM_CALLBACK_TOKEN", ""),
        corp_callback_aes_key=get("WECOM_CALLBACK_AES_KEY", ""),
        corp_users=tuple(get("WECOM_CONTACT_USER", "").replace(",", " ").split()),
        pay_mchid=get("WECHAT_PAY_MCHID", "1900000001"),
        pay_serial=get("WECHAT_PAY_SERIAL", ""),
        pay_apiv3_key=get("WECHAT_PAY_APIV3_KEY", ""),
        pay_public_key_id=get("WECHAT_PAY_PUBLIC_KEY_ID", ""),
        pay_private_key_file=get("SANDBOX_PAY_PRIVATE_KEY_FILE", ""),
        pay_merchant_public_key_file=get("WECHAT_PAY_MERCHANT_PUBLIC_KEY_FILE", ""),
        pay_certificate_file=get("WECHAT_PAY_PLATFORM_CERTIFICATES_FILE", ""),
        pay_certificate_key_file=get("SANDBOX_PAY_CERTIFICATE_KEY_FILE", ""),
        gate_id=get("SANDBOX_GATE_ID", ""),
        gate_secret=get("SANDBOX_GATE_SECRET", ""),
        car_parks=_pairs(get("SANDBOX_CAR_PARKS") or get("SANDBOX_GATE_ID", "")),
        pos_id=get("SANDBOX_POS_ID", ""),
        pos_secret=get("SANDBOX_POS_SECRET", ""),
        stores=_pairs(get("SANDBOX_STORES", "")),
        sms_account=get("SMS_ACCOUNT", ""),
        sms_key=get("SMS_KEY", ""),
        wecom_retry_s=float(get("SANDBOX_WECOM_RETRY_SECONDS") or 5),
        pay_retry_scale=float(get("SANDBOX_PAY_RETRY_SCALE") or 1 / 15),
        circle_brand_id=int(get("SANDBOX_CIRCLE_BRAND_ID") or 1001),
    )
