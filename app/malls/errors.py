"""Refusals of the malls room."""

from app.kernel.errors import DomainError


class StoreConflict(DomainError):
    """A store with that code is here with other facts. Fact: store_code."""

    kind = "conflict"
    code = "store_conflict"
