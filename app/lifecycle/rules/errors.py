"""Refusals about the rules of the lifecycle."""

from app.kernel.errors import DomainError


class RulesNotSensible(DomainError):
    """Rules whose numbers do not fit together. Fact: reason."""

    code = "lifecycle_rules_not_sensible"


class RulesTooEarly(DomainError):
    """Rules that would begin on a day that has begun already."""

    code = "lifecycle_rules_too_early"


class RulesConflict(DomainError):
    """Other rules begin on that very day. Fact: effective_from."""

    kind = "conflict"
    code = "lifecycle_rules_conflict"


class RulesInForce(DomainError):
    """Those rules are in force already, or were taken back before."""

    kind = "conflict"
    code = "lifecycle_rules_in_force"
