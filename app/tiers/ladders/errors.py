"""Refusals about the ladder."""

from app.kernel.errors import DomainError


class LadderInvalid(DomainError):
    """Rungs that do not make a ladder. Fact: problems."""

    code = "tier_ladder_invalid"


class LadderTooEarly(DomainError):
    """A ladder that would begin on a day that has begun already."""

    code = "tier_ladder_too_early"


class LadderConflict(DomainError):
    """Another ladder begins on that very day. Fact: effective_from."""

    kind = "conflict"
    code = "tier_ladder_conflict"


class LadderInForce(DomainError):
    """That ladder is in force already, or was taken back before."""

    kind = "conflict"
    code = "tier_ladder_in_force"
