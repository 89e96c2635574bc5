"""Refusals about the rules of earning."""

from app.kernel.errors import DomainError


class EarningRulesInvalid(DomainError):
    """Rules that cannot be read or do not fit. Fact: problems."""

    code = "earning_rules_invalid"


class EarningBrandUnsettled(DomainError):
    """The brand that is to pay has no store, or no contract in force, in the mall. Fact: brand, its code."""

    kind = "conflict"
    code = "earning_brand_unsettled"


class EarningRulesTooEarly(DomainError):
    """Rules that would begin on a day that has begun already."""

    code = "earning_rules_too_early"


class EarningRulesConflict(DomainError):
    """Other rules of the mall begin on that very day. Fact: effective_from."""

    kind = "conflict"
    code = "earning_rules_conflict"


class EarningRulesInForce(DomainError):
    """Those rules are in force already, or were taken back before."""

    kind = "conflict"
    code = "earning_rules_in_force"
