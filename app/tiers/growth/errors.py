"""Refusals about the rules of growth."""

from app.kernel.errors import DomainError


class GrowthRulesInvalid(DomainError):
    """Numbers that are out of all proportion. Fact: problems."""

    code = "growth_rules_invalid"


class GrowthRulesTooEarly(DomainError):
    """Rules that would begin on a day that has begun already."""

    code = "growth_rules_too_early"


class GrowthRulesConflict(DomainError):
    """Other rules begin on that very day. Fact: effective_from."""

    kind = "conflict"
    code = "growth_rules_conflict"


class GrowthRulesInForce(DomainError):
    """Those rules are in force already, or were taken back before."""

    kind = "conflict"
    code = "growth_rules_in_force"
