"""Refusals about what points are worth."""

from app.kernel.errors import DomainError


class FactorTooEarly(DomainError):
    """A factor that would begin on a day that has begun already."""

    code = "points_factor_too_early"


class FactorOutOfRange(DomainError):
    """A factor out of all proportion. Facts: least_bps, most_bps."""

    code = "points_factor_out_of_range"


class FactorConflict(DomainError):
    """Another factor begins on that very day. Fact: effective_from."""

    kind = "conflict"
    code = "points_factor_conflict"


class FactorInForce(DomainError):
    """That factor is in force already, or was taken back before."""

    kind = "conflict"
    code = "points_factor_in_force"
