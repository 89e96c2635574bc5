"""Refusals of causes."""

from app.kernel.errors import DomainError


class NotSilent(DomainError):
    """The member is not known to stay away, so there is no cause to correct."""

    kind = "conflict"
    code = "not_silent"
