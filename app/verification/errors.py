"""Refusals of verification."""

from app.kernel.errors import DomainError


class SmsCodeInvalid(DomainError):
    """The code is wrong, used, or too old."""

    code = "sms_code_invalid"
