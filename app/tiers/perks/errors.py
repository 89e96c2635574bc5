"""Refusals about tiers."""

from app.kernel.errors import DomainError


class TierUnknown(DomainError):
    """No tier bears that code."""

    kind = "not_found"
    code = "tier_unknown"


class PerksTooLong(DomainError):
    """So many lines of so many characters say what a tier gives. Facts: lines, most."""

    code = "tier_perks_too_long"
