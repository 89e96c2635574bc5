"""Why a list is not made into a file."""

from app.kernel.errors import DomainError


class TooManyFiles(DomainError):
    """The person has so many files (`most`) that are still to be made."""

    kind = "conflict"
    code = "too_many_list_files"
