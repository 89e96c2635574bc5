"""Refusals about what came to a stop."""

from app.kernel.errors import DomainError


class CallbackStillUnread(DomainError):
    """What the platform said can be read no better than before."""

    kind = "conflict"
    code = "callback_still_unread"


class CallbackSettled(DomainError):
    """Somebody has dealt with the callback before."""

    kind = "conflict"
    code = "callback_settled"
