"""Refusals of predictions."""

from app.kernel.errors import DomainError


class PredictedLater(DomainError):
    """Predictions stand as of a later day already. Fact: day."""

    kind = "conflict"
    code = "predicted_later"


class HistoryTooShort(DomainError):
    """Before the days that are held back too little is known to expect anything of them. Fact: obstacle."""

    kind = "conflict"
    code = "history_too_short"
