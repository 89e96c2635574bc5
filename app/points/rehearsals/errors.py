"""Refusals about rehearsals."""

from app.kernel.errors import DomainError


class TooManyRehearsals(DomainError):
    """The person has so many rehearsals (`most`) that are still to be counted."""

    kind = "conflict"
    code = "too_many_rehearsals"


class NotRehearsed(DomainError):
    """What the rules would do is not known yet."""

    kind = "conflict"
    code = "earning_rules_not_rehearsed"
