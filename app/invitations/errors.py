"""Refusals about the rules of invitations."""

from app.kernel.errors import DomainError


class InvitationRulesInvalid(DomainError):
    """Numbers that are out of all proportion. Fact: problems."""

    code = "invitation_rules_invalid"


class InvitationRulesTooEarly(DomainError):
    """Rules that would begin on a day that has begun already."""

    code = "invitation_rules_too_early"


class InvitationRulesConflict(DomainError):
    """Other rules begin on that day. Fact: effective_from."""

    kind = "conflict"
    code = "invitation_rules_conflict"


class InvitationRulesInForce(DomainError):
    """They have begun, or were taken back."""

    kind = "conflict"
    code = "invitation_rules_in_force"
