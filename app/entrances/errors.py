"""Refusals of entrances."""

from app.kernel.errors import DomainError


class EntranceNotFound(DomainError):
    """No entrance is open, not even a main one."""

    kind = "not_found"
    code = "entrance_not_found"
