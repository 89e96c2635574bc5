"""Refusals about nights."""

from app.kernel.errors import DomainError


class DayNotOver(DomainError):
    """The day is not over yet. Fact: day."""

    code = "lifecycle_day_not_over"


class LaterNightDone(DomainError):
    """A later day was worked out: only the last one can be counted anew. Fact: day, the last one."""

    kind = "conflict"
    code = "lifecycle_later_night_done"
