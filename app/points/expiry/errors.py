"""Refusals about how long points are good."""

from app.kernel.errors import DomainError


class ExpiryTooEarly(DomainError):
    """A policy that would begin on a day that has begun already."""

    code = "points_expiry_too_early"


class ExpiryOutOfRange(DomainError):
    """A policy with a number out of all proportion, or without the months that it needs."""

    code = "points_expiry_out_of_range"


class ExpiryConflict(DomainError):
    """Another policy begins on that very day. Fact: effective_from."""

    kind = "conflict"
    code = "points_expiry_conflict"


class ExpiryInForce(DomainError):
    """That policy is in force already, or was taken back before."""

    kind = "conflict"
    code = "points_expiry_in_force"
