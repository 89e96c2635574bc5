"""Refusals of verification."""

from app.kernel.errors import DomainError, Throttled


class SmsCodeInvalid(DomainError):
    """The code is wrong, used, or too old."""

    code = "sms_code_invalid"


class ProofRequired(Throttled):
    """Many tries came before this one: it costs a proof of work, or waiting. Facts: challenge, bits, retry_after_s."""

    code = "proof_required"


class SmsBudgetSpent(DomainError):
    """The codes that may leave on a day have left. Fact: retry_after_s."""

    kind = "busy"
    code = "sms_budget_spent"
