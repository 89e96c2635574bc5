"""Refusals about what tiers give."""

from app.kernel.errors import DomainError


class TierBenefitsInvalid(DomainError):
    """Benefits that name what is not there, or are out of all proportion. Fact: problems."""

    code = "tier_benefits_invalid"


class TierBenefitsTooEarly(DomainError):
    """Benefits that would begin on a day that has begun already."""

    code = "tier_benefits_too_early"


class TierBenefitsConflict(DomainError):
    """Other benefits of the mall begin on that very day. Fact: effective_from."""

    kind = "conflict"
    code = "tier_benefits_conflict"


class TierBenefitsInForce(DomainError):
    """Those benefits are in force already, or were taken back before."""

    kind = "conflict"
    code = "tier_benefits_in_force"
