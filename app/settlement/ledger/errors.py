"""Refusals of the books."""

from app.kernel.errors import DomainError


class BookNotOpen(DomainError):
    """The merchant has no book in this mall, or one that opens on a coming day.

    Facts: books, a list of (mall_id, merchant_id).
    """

    kind = "conflict"
    code = "book_not_open"
