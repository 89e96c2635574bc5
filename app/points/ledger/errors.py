"""Refusals of the package points."""

from app.kernel.errors import DomainError


class InsufficientPoints(DomainError):
    """There are not that many points to spend. Facts: available, needed."""

    kind = "conflict"
    code = "insufficient_points"


class EntryNotFound(DomainError):
    """The member has no entry for that fact."""

    kind = "not_found"
    code = "points_entry_not_found"
