"""Refusals about what is done for members by hand."""

from app.kernel.errors import DomainError


class CareLimitReached(DomainError):
    """So much was given by hand already. Facts: whose (member or person), unit (coupons or points), limit."""

    kind = "conflict"
    code = "care_limit_reached"


class OwnMembership(DomainError):
    """Nobody gives, takes or forgives by hand what is their own."""

    kind = "conflict"
    code = "own_membership"
