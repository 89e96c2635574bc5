"""Refusals about stays."""

from app.kernel.errors import DomainError


class GateEventConflict(DomainError):
    """The event id was used before for another event. Fact: event_id."""

    kind = "conflict"
    code = "gate_event_conflict"


class SessionNotFound(DomainError):
    """None of the member's cars has such an open stay."""

    kind = "not_found"
    code = "parking_session_not_found"


class StayOverlaps(DomainError):
    """The car was in the car park at that time already, or left before it came. Fact: plate."""

    kind = "conflict"
    code = "parking_stay_overlaps"
