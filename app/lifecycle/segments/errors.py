"""Refusals of segments."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.kernel.errors import DomainError


class Fault(StrEnum):
    """What is wrong with a part of a definition."""

    EMPTY = "empty"  # a group without conditions
    TOO_DEEP = "too_deep"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"  # no part that this version knows
    FIELD_UNKNOWN = "field_unknown"
    OPERATOR_UNKNOWN = "operator_unknown"
    VALUE_MISSING = "value_missing"
    VALUE_WRONG = "value_wrong"
    VALUE_OUT_OF_RANGE = "value_out_of_range"
    CODE_UNKNOWN = "code_unknown"
    TOO_MANY_CODES = "too_many_codes"
    DAYS_WRONG = "days_wrong"


@dataclass(frozen=True, slots=True)
class Faulty:
    """Where in a definition something is wrong: the places in the groups from the root down, as in `0.2`."""

    path: str
    fault: Fault


class DefinitionWrong(DomainError):
    """Parts of the definition cannot be read. `faults` says which."""

    code = "segment_definition_wrong"

    def __init__(self, faults: Sequence[Faulty]) -> None:
        super().__init__()
        self.faults = tuple(faults)


class SegmentTooSlow(DomainError):
    """Counting took longer than it may."""

    kind = "busy"
    code = "segment_too_slow"


class SegmentTitleTaken(DomainError):
    """Another segment of the same place bears the title."""

    kind = "conflict"
    code = "segment_title_taken"


class SegmentChanged(DomainError):
    """Somebody else made a version meanwhile."""

    kind = "conflict"
    code = "segment_changed"


class SegmentArchived(DomainError):
    """The segment is not in use any more."""

    kind = "conflict"
    code = "segment_archived"


class SegmentUsed(DomainError):
    """Something stands on the segment. Fact: places, what they are called."""

    kind = "conflict"
    code = "segment_used"


class SegmentCircle(DomainError):
    """The segment would ask for itself, by way of others or not."""

    kind = "conflict"
    code = "segment_circle"
