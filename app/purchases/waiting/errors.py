"""Refusals of receipts that wait."""

from app.kernel.errors import DomainError


class WaitsNoLonger(DomainError):
    """The receipt has been recorded or set aside meanwhile."""

    kind = "conflict"
    code = "receipt_waits_no_longer"


class NothingToMatch(DomainError):
    """No receipt is left that could tell of the same payment."""

    kind = "conflict"
    code = "receipt_nothing_to_match"
