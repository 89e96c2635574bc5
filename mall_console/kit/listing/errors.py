"""Why a list cannot be had as a file."""

from app.kernel.errors import DomainError


class ListTooLong(DomainError):
    """The list has more rows (`most`) than an answer waits for."""

    kind = "conflict"
    code = "list_too_long"


class NothingTicked(DomainError):
    """An act on several rows was asked for, and no row."""

    code = "nothing_ticked"


class TooManyTicked(DomainError):
    """An act was asked for on more rows (`ticked`) than one act does (`most`); nothing was done."""

    code = "too_many_ticked"


class SearchExpired(DomainError):
    """The list's address is too old to say what was searched for."""

    kind = "conflict"
    code = "search_expired"
