"""The base of every refusal. Packages subclass it once per reason; the edge turns kind and code into an answer."""

from typing import Any, ClassVar

KINDS = ("invalid", "unauthenticated", "forbidden", "not_found", "conflict", "throttled", "busy", "too_large")


class DomainError(Exception):
    """The request cannot be done as asked."""

    kind: ClassVar[str] = "invalid"
    code: ClassVar[str] = "invalid_request"

    def __init__(self, **facts: Any) -> None:
        super().__init__((self.__doc__ or "").strip())
        self.facts = facts

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.kind not in KINDS:
            raise ValueError(f"{cls.__name__}.kind must be one of {KINDS}")


class NotFound(DomainError):
    """Nothing here bears that name, or it is not yours to see."""

    kind = "not_found"
    code = "not_found"


class Forbidden(DomainError):
    """Your role or scope does not allow this."""

    kind = "forbidden"
    code = "forbidden"


class Busy(DomainError):
    """The product is busy with this very thing; the same request may be sent again."""

    kind = "busy"
    code = "busy"


class Throttled(DomainError):
    """Too many attempts; try again later. Fact: retry_after_s."""

    kind = "throttled"
    code = "throttled"


class IdempotencyConflict(DomainError):
    """The key was used before with other input."""

    kind = "conflict"
    code = "idempotency_conflict"


class BadCursor(DomainError):
    """The cursor is not of this list, or of none."""

    code = "bad_cursor"


class PlatformUnavailable(DomainError):
    """An outside platform did not answer or refused; nothing was changed. Fact: platform."""

    kind = "busy"
    code = "platform_unavailable"
