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


class HoldNotFound(DomainError):
    """The member holds no points for that."""

    kind = "not_found"
    code = "points_hold_not_found"


class HoldOver(DomainError):
    """The points that were held are the member's again: they were given back, or the time was over."""

    kind = "conflict"
    code = "points_hold_over"


class HoldCaptured(DomainError):
    """The points that were held are spent."""

    kind = "conflict"
    code = "points_hold_captured"


class HoldExceeded(DomainError):
    """More is to be spent than is held, or nothing. Facts: held, needed."""

    kind = "conflict"
    code = "points_hold_exceeded"
