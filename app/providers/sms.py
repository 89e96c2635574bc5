"""The SMS provider: sign-in codes, each message id sent once."""

from dataclasses import dataclass, field

from app.kernel.settings import SmsSettings
from app.providers.machines import MachineRefused, Machines

PLATFORM = "sms"
SIGN_IN_CODE = "sign_in_code"
PASSWORD_CODE = "password_reset_code"  # noqa: S105  the name of a text
_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class SmsProvider:
    """Our account with the provider."""

    url: str
    account: str
    key: str = field(repr=False)
    machines: Machines

    @classmethod
    def from_settings(cls, settings: SmsSettings, *, timeout_s: float = _TIMEOUT_S) -> "SmsProvider":
        return cls(settings.url, settings.account, settings.key, Machines(PLATFORM, timeout_s))

    def send_sign_in_code(self, phone: str, code: str, *, message_id: str) -> str:
        """Send a code; returns the provider's id of the message. The same `message_id` again is no second SMS.

        Raises MachineRefused (reasons such as phone_invalid), PlatformUnavailable.
        """
        return self._send(SIGN_IN_CODE, phone, code, message_id)

    def send_password_code(self, phone: str, code: str, *, message_id: str) -> str:
        """As `send_sign_in_code`, for a new password; the text says so."""
        return self._send(PASSWORD_CODE, phone, code, message_id)

    def _send(self, template: str, phone: str, code: str, message_id: str) -> str:
        message = {"message_id": message_id, "phone": phone, "template": template, "params": {"code": code}}
        answer = self.machines.post(self.url, "/sms/v1/messages", message, client_id=self.account, secret=self.key)
        return str(answer.get("sid", ""))


__all__ = ["MachineRefused", "SmsProvider"]
