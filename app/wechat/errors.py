"""How a call to a platform ends when it does not end well."""

from app.kernel.errors import DomainError, PlatformUnavailable

__all__ = [
    "CallbackRefused",
    "CodeRejected",
    "LoginCodeRejected",
    "OutcomeUnknown",
    "PhoneCodeRejected",
    "PlatformUnavailable",
    "SnapshotUser",
    "WeChatError",
]


class WeChatError(DomainError):
    """The platform refused the call. Facts: platform, platform_code; `message` is its text, for our logs only."""

    kind = "busy"
    code = "platform_refused"

    def __init__(self, *, platform: str, platform_code: int | str, message: str = "") -> None:
        super().__init__(platform=platform, platform_code=platform_code)
        self.platform = platform
        self.platform_code = platform_code
        self.message = message

    def __str__(self) -> str:
        return f"{self.platform} refused: {self.platform_code} {self.message}"


class CodeRejected(WeChatError):
    """The one-time code from WeChat is unknown, used or too old; the client must ask for a new one."""

    kind = "invalid"
    code = "wechat_code_rejected"


class LoginCodeRejected(CodeRejected):
    """The mini-program's login code or the code of the OAuth page cannot be redeemed any more."""

    code = "login_code_invalid"


class PhoneCodeRejected(CodeRejected):
    """The phone button's code cannot be redeemed any more."""

    code = "phone_code_invalid"


class SnapshotUser(DomainError):
    """WeChat showed the page to a virtual account of its preview; the person must open the page in full."""

    kind = "invalid"
    code = "wechat_snapshot_user"


class OutcomeUnknown(DomainError):
    """The request went out and no answer came back: it may or may not have happened. Fact: platform."""

    kind = "busy"
    code = "platform_outcome_unknown"


class CallbackRefused(DomainError):
    """The callback is not signed by the platform, not for us, or not readable."""

    kind = "forbidden"
    code = "callback_refused"
