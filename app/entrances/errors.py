"""Refusals of entrances."""

from app.kernel.errors import DomainError


class EntranceNotFound(DomainError):
    """No active entrance carries this scene."""

    kind = "not_found"
    code = "entrance_not_found"
