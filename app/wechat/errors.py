"""How a call to a platform ends when it does not end well."""

from app.kernel.errors import DomainError, PlatformUnavailable
from app.kernel.platforms import refusals
from app.kernel.platforms.refusals import TEMPORARY, Meaning

__all__ = [
    "CallbackRefused",
    "CallbackTooLarge",
    "CallbackUnread",
    "CodeRejected",
    "LoginCodeRejected",
    "OutcomeUnknown",
    "PersonRefused",
    "PhoneCodeRejected",
    "PlatformBusy",
    "PlatformUnavailable",
    "SnapshotUser",
    "WeChatError",
    "refusal",
]


class WeChatError(DomainError):
    """The platform refused the call, and will again. Facts: platform, platform_code; `message` is for our logs only."""

    kind = "conflict"
    code = "platform_refused"

    def __init__(self, *, platform: str, platform_code: int | str, message: str = "", status: int = 200) -> None:
        super().__init__(platform=platform, platform_code=platform_code)
        self.platform = platform
        self.platform_code = platform_code
        self.message = message
        self.meaning = refusals.meaning_of(platform, platform_code, status=status)

    def __str__(self) -> str:
        return f"{self.platform} refused: {self.platform_code} {self.message}"


class PlatformBusy(WeChatError):
    """The platform refuses for now: it is busy, a quota is used up, or a token is being replaced."""

    kind = "busy"
    code = "platform_busy"


class PersonRefused(WeChatError):
    """The platform does not let this person: their account there is restricted, or they have not agreed."""

    kind = "forbidden"
    code = "platform_person_refused"


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
    """The callback is not signed by the platform, or not for us."""

    kind = "forbidden"
    code = "callback_refused"


class CallbackTooLarge(CallbackRefused):
    """The callback is larger than any that a platform sends; whose it is was not looked at."""

    kind = "too_large"
    code = "request_too_large"


class CallbackUnread(Exception):
    """The platform's own callback says something that the product does not understand; `text` is what it says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


_KINDS: dict[Meaning, type[WeChatError]] = {
    Meaning.SPENT_CODE: CodeRejected,
    Meaning.PERSON: PersonRefused,
    Meaning.NO_CONSENT: PersonRefused,
    **dict.fromkeys(TEMPORARY, PlatformBusy),
}


def refusal(platform: str, code: int | str, message: str, *, status: int = 200) -> WeChatError:
    """The error that a platform's code is, by the table of refusals."""
    kind = _KINDS.get(refusals.meaning_of(platform, code, status=status), WeChatError)
    return kind(platform=platform, platform_code=code, message=message, status=status)
