"""Refusals about rehearsals of ladders."""

from app.kernel.errors import DomainError


class TooManyTierRehearsals(DomainError):
    """The person has so many rehearsals (`most`) that are still to be counted."""

    kind = "conflict"
    code = "too_many_tier_rehearsals"


class LadderNotRehearsed(DomainError):
    """What this ladder would do is not known yet."""

    kind = "conflict"
    code = "tier_ladder_not_rehearsed"
