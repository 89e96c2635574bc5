"""Settings of one process: read once from the environment, frozen, handed down by argument."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.kernel import setting_values
from app.kernel.distribution import database
from app.kernel.setting_values import SettingsError as SettingsError

ENVIRONMENTS = ("development", "test", "production")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeChatSettings:
    """Where WeChat's platforms are, and who we are there."""

    api_url: str
    open_url: str
    mini_appid: str
    mini_secret: str = field(repr=False)
    mini_push_token: str = field(repr=False)
    mini_push_aes_key: str = field(repr=False)
    oa_appid: str
    oa_secret: str = field(repr=False)
    template_activity: str
    template_benefit: str
    template_member_day: str
    template_receipt: str
    oa_template_points: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeComSettings:
    """The group's enterprise WeChat: the corp, its app and the member of staff who greets."""

    api_url: str
    corp_id: str
    secret: str = field(repr=False)
    callback_token: str = field(repr=False)
    callback_aes_key: str = field(repr=False)
    contact_user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaySettings:
    """The group's WeChat Pay merchant (APIv3, public-key mode).

    `platform_certificates` (PEM, one or several) are there for the days of the change from them to the public key.
    """

    url: str
    mchid: str
    serial: str
    private_key: str = field(repr=False)
    apiv3_key: str = field(repr=False)
    public_key: str = field(repr=False)
    public_key_id: str
    platform_certificates: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsSettings:
    """The SMS provider's address and our account there, and how many messages may leave on a day."""

    url: str
    account: str
    key: str = field(repr=False)
    daily_budget: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeSettings:
    """How much one web process does at once: the only place where these numbers are derived from one another.

    `threads` are those the server starts, `connections` what the process may hold of the database at most.
    `working_requests` have a request slot (app.kernel.request_slots). All others that got a thread wait: for a slot,
    or with their slot given up for a platform.
    """

    threads: int
    connections: int
    working_requests: int

    @property
    def waiting_requests(self) -> int:
        """How many may wait for platforms, each with a thread and perhaps a connection: what is left of the scarcer."""
        return min(self.threads, self.connections) - self.working_requests - RESERVE

    @property
    def kept_connections(self) -> int:
        """How many connections stay open in the pool; the rest is opened for a crowd and closed after it."""
        return min(self.connections, MOST_KEPT_CONNECTIONS)


# Threads for requests that wait for a slot, and connections for what works beside the requests (refreshing a token).
RESERVE = 4
MOST_KEPT_CONNECTIONS = 10
# Who left is remembered for a time that can be explained, not for good.
MOST_MEMORY_DAYS = 1_095
MOST_BEHAVIOUR_MONTHS = 36
DEFAULT_SIZES = SizeSettings(threads=32, connections=30, working_requests=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a process must be told. Missing or malformed values raise SettingsError at start."""

    environment: str
    database_url: str = field(repr=False)
    database_kind: str
    secret_key: str = field(repr=False)
    data_keys: tuple[tuple[int, bytes], ...] = field(repr=False)
    index_key: bytes = field(repr=False)
    code_signing_key: bytes = field(repr=False)
    memory_key: bytes = field(repr=False)
    memory_days: int
    behaviour_months: int
    public_url: str
    clock_offset_seconds: int
    proxy_hops: int
    frame_ancestor: str
    gate_timeout_seconds: float
    sizes: SizeSettings
    wechat: WeChatSettings
    wecom: WeComSettings
    pay: PaySettings
    sms: SmsSettings

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def is_test(self) -> bool:
        return self.environment == "test"

    @property
    def secure_cookies(self) -> bool:
        """Cookies are Secure unless a development server is reached by plain http."""
        return self.is_production or self.public_url.startswith("https://")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read every setting; raises SettingsError naming the first one that is missing or wrong."""
        read = _Reader(environment)
        settings = cls(
            environment=read.text("HUITOU_ENV", "development"),
            database_url=setting_values.database_url(read.text("DATABASE_URL")),
            database_kind=read.text("HUITOU_DATABASE_KIND", database.PLAIN),
            secret_key=read.text("HUITOU_SECRET_KEY"),
            data_keys=setting_values.data_keys(read.text("HUITOU_DATA_KEYS")),
            index_key=setting_values.key("HUITOU_INDEX_KEY", read.text("HUITOU_INDEX_KEY")),
            code_signing_key=setting_values.key("HUITOU_CODE_SIGNING_KEY", read.text("HUITOU_CODE_SIGNING_KEY")),
            memory_key=setting_values.key("HUITOU_MEMORY_KEY", read.text("HUITOU_MEMORY_KEY")),
            memory_days=read.integer("HUITOU_MEMORY_DAYS", 365),
            behaviour_months=read.integer("HUITOU_BEHAVIOUR_MONTHS", 13),
            public_url=read.text("HUITOU_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
            clock_offset_seconds=read.integer("HUITOU_CLOCK_OFFSET_SECONDS", 0),
            proxy_hops=read.integer("HUITOU_PROXY_HOPS", 0),
            frame_ancestor=read.text("HUITOU_FRAME_ANCESTOR", ""),
            gate_timeout_seconds=float(read.integer("GATE_TIMEOUT_SECONDS", 5)),
            sizes=sizes_from(environment),
            wechat=_wechat(read),
            wecom=_wecom(read),
            pay=_pay(read),
            sms=SmsSettings(
                url=read.text("SMS_URL").rstrip("/"),
                account=read.text("SMS_ACCOUNT"),
                key=read.text("SMS_KEY"),
                daily_budget=read.integer("SMS_DAILY_BUDGET", 10_000),
            ),
        )
        _ensure_sound(settings)
        return settings


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str, default: str | None = None) -> str:
        value = self._environment.get(name, "").strip() or default
        if value is None:
            raise SettingsError(f"the environment variable {name} is missing; .env.example lists every setting")
        return value

    def integer(self, name: str, default: int) -> int:
        try:
            return int(self.text(name, str(default)))
        except ValueError as error:
            raise SettingsError(f"{name} must be a whole number") from error

    def optional_file(self, name: str) -> str:
        return self.file(name) if self._environment.get(name, "").strip() else ""

    def file(self, name: str) -> str:
        path = Path(self.text(name))
        try:
            return path.read_text(encoding="ascii")
        except OSError as error:
            raise SettingsError(f"{name} names a file that cannot be read: {path}") from error


def sizes_from(environment: Mapping[str, str]) -> SizeSettings:
    """The sizes alone, for whoever starts the server; raises SettingsError when they do not fit together."""
    read, default = _Reader(environment), DEFAULT_SIZES
    sizes = SizeSettings(
        threads=read.integer("HUITOU_WEB_THREADS", default.threads),
        connections=read.integer("HUITOU_DATABASE_CONNECTIONS", default.connections),
        working_requests=read.integer("HUITOU_WORKING_REQUESTS", default.working_requests),
    )
    if sizes.working_requests < 1:
        raise SettingsError("HUITOU_WORKING_REQUESTS must be 1 or more")
    if sizes.waiting_requests < 1:
        least = sizes.working_requests + RESERVE + 1
        short = "HUITOU_WEB_THREADS" if sizes.threads <= sizes.connections else "HUITOU_DATABASE_CONNECTIONS"
        raise SettingsError(
            f"{short} must be {least} or more with HUITOU_WORKING_REQUESTS={sizes.working_requests}: "
            f"one for each of them, {RESERVE} in reserve, and one for a request that waits for a platform"
        )
    return sizes


def _wechat(read: _Reader) -> WeChatSettings:
    return WeChatSettings(
        api_url=read.text("WECHAT_API_URL", "https://api.weixin.qq.com").rstrip("/"),
        open_url=read.text("WECHAT_OPEN_URL", "https://open.weixin.qq.com").rstrip("/"),
        mini_appid=read.text("WECHAT_MINI_APPID"),
        mini_secret=read.text("WECHAT_MINI_SECRET"),
        mini_push_token=read.text("WECHAT_MINI_PUSH_TOKEN"),
        mini_push_aes_key=read.text("WECHAT_MINI_PUSH_AES_KEY"),
        oa_appid=read.text("WECHAT_OA_APPID"),
        oa_secret=read.text("WECHAT_OA_SECRET"),
        template_activity=read.text("WECHAT_TEMPLATE_ACTIVITY"),
        template_benefit=read.text("WECHAT_TEMPLATE_BENEFIT"),
        template_member_day=read.text("WECHAT_TEMPLATE_MEMBER_DAY"),
        template_receipt=read.text("WECHAT_TEMPLATE_RECEIPT"),
        oa_template_points=read.text("WECHAT_OA_TEMPLATE_POINTS"),
    )


def _wecom(read: _Reader) -> WeComSettings:
    return WeComSettings(
        api_url=read.text("WECOM_API_URL", "https://qyapi.weixin.qq.com").rstrip("/"),
        corp_id=read.text("WECOM_CORP_ID"),
        secret=read.text("WECOM_SECRET"),
        callback_token=read.text("WECOM_CALLBACK_TOKEN"),
        callback_aes_key=read.text("WECOM_CALLBACK_AES_KEY"),
        contact_user=read.text("WECOM_CONTACT_USER"),
    )


def _pay(read: _Reader) -> PaySettings:
    return PaySettings(
        url=read.text("WECHAT_PAY_URL", "https://api.mch.weixin.qq.com").rstrip("/"),
        mchid=read.text("WECHAT_PAY_MCHID"),
        serial=read.text("WECHAT_PAY_SERIAL"),
        private_key=read.file("WECHAT_PAY_PRIVATE_KEY_FILE"),
        apiv3_key=read.text("WECHAT_PAY_APIV3_KEY"),
        public_key=read.file("WECHAT_PAY_PUBLIC_KEY_FILE"),
        public_key_id=read.text("WECHAT_PAY_PUBLIC_KEY_ID"),
        platform_certificates=read.optional_file("WECHAT_PAY_PLATFORM_CERTIFICATES_FILE"),
    )


def _ensure_sound(settings: Settings) -> None:
    if settings.environment not in ENVIRONMENTS:
        raise SettingsError(f"HUITOU_ENV must be one of {', '.join(ENVIRONMENTS)}")
    if settings.database_kind not in database.KINDS:
        raise SettingsError(f"HUITOU_DATABASE_KIND must be one of {', '.join(database.KINDS)}")
    if len(settings.secret_key) < 32:
        raise SettingsError("HUITOU_SECRET_KEY must have 32 characters or more")
    _ensure_times(settings)
    if settings.is_production and settings.clock_offset_seconds:
        raise SettingsError("HUITOU_CLOCK_OFFSET_SECONDS is refused in production")
    if settings.is_production and settings.frame_ancestor:
        raise SettingsError("HUITOU_FRAME_ANCESTOR is refused in production")
    if settings.is_production and not settings.public_url.startswith("https://"):
        raise SettingsError("HUITOU_PUBLIC_URL must be https in production")


def _ensure_times(settings: Settings) -> None:
    for name, kept, most in (
        ("HUITOU_MEMORY_DAYS", settings.memory_days, MOST_MEMORY_DAYS),
        ("HUITOU_BEHAVIOUR_MONTHS", settings.behaviour_months, MOST_BEHAVIOUR_MONTHS),
    ):
        if not 1 <= kept <= most:
            raise SettingsError(f"{name} must be 1 to {most}")
