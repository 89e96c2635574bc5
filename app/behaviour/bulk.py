"""What members did in the mini-program by the thousand, for imports."""

from collections.abc import Iterable
from datetime import date, datetime

from app.behaviour import facts
from app.behaviour.models import BehaviourEvent
from app.behaviour.rules import Event
from app.kernel import clock
from app.kernel.fastpath.copies import copy_in
from app.timeline import bulk as timeline_bulk
from app.timeline.models import EventKind


def record(told: Iterable[tuple[int, Event]]) -> int:
    """Keep events that are not known yet, as if each had been told when it happened; returns how many.

    The rows are those of `behaviour.record`, of days of which nothing is known. Raises IntegrityError when an event or
    one of the days is known.
    """
    events = list(told)
    columns = ("member_id", "month", "received_at", *Event._fields)
    copy_in(BehaviourEvent, columns, (_row(member_id, one) for member_id, one in events))
    _note_days((member_id, one.occurred_at, one.scene) for member_id, one in events)
    return len(events)


def _row(member_id: int, event: Event) -> tuple[object, ...]:
    return member_id, clock.first_of_month(clock.business_date(event.occurred_at)), event.occurred_at, *event


def record_days(days: Iterable[tuple[int, datetime]]) -> None:
    """Note that members used the mini-program, from a moment on, on days of which nothing is known yet.

    The row on the timeline is that of `behaviour.record`; what they did there is not known, so no event is kept.
    Raises IntegrityError when one of the days is known.
    """
    _note_days((member_id, at, "") for member_id, at in days)


def _note_days(told: Iterable[tuple[int, datetime, str]]) -> None:
    """A row for each member and day, as of the first that is known of it."""
    first: dict[tuple[int, date], tuple[datetime, str]] = {}
    for member_id, at, scene in told:
        key = member_id, clock.business_date(at)
        first[key] = min(first.get(key, (at, scene)), (at, scene))
    timeline_bulk.record(
        EventKind.BROWSED,
        ((member_id, facts.browsing(day), at, None, None, scene) for (member_id, day), (at, scene) in first.items()),
    )
