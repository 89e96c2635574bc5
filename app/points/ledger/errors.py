"""Refusals of the package points."""

from app.kernel.errors import DomainError


class InsufficientPoints(DomainError):
    """There are not that many points to spend. Facts: available, needed."""

    kind = "conflict"
    code = "insufficient_points"


class NothingOwed(DomainError):
    """The member owes no points."""

    kind = "conflict"
    code = "no_points_owed"


class EntryNotFound(DomainError):
    """The member has no entry for that fact."""

    kind = "not_found"
    code = "points_entry_not_found"
