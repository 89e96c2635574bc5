"""Why something is not worked out."""

from app.kernel.errors import DomainError


class TooManyRestatements(DomainError):
    """The person has so many questions (`most`) that are still to be answered."""

    kind = "conflict"
    code = "too_many_restatements"
