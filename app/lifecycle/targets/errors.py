"""Refusals about targets."""

from app.kernel.errors import DomainError


class TargetsTooEarly(DomainError):
    """Targets that would begin on a day that has begun already."""

    code = "stage_targets_too_early"


class TargetsConflict(DomainError):
    """Other targets begin on that very day. Fact: effective_from."""

    kind = "conflict"
    code = "stage_targets_conflict"


class TargetsInForce(DomainError):
    """Those targets are in force already, or were taken back before."""

    kind = "conflict"
    code = "stage_targets_in_force"
