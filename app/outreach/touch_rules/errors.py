"""Refusals about touch rules."""

from app.kernel.errors import DomainError


class InvalidPolicy(DomainError):
    """A touch policy that `rules.is_sensible` refuses, or one that would start in the past."""

    code = "invalid_outreach_policy"


class PolicyInForce(DomainError):
    """That touch policy is in force already, or was taken back before."""

    kind = "conflict"
    code = "outreach_policy_in_force"


class PolicyConflict(DomainError):
    """Another touch policy starts at that very moment. Fact: effective_from."""

    kind = "conflict"
    code = "outreach_policy_conflict"
