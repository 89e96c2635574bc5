"""How a member's stage moved between what they did, so that their timeline tells it, too."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select

from app.kernel import clock
from app.kernel.db import db
from app.lifecycle.stages import queries
from app.lifecycle.stages.models import StageChange
from app.lifecycle.stages.wording import STAGES
from app.timeline.models import TimelineEvent


def tell_after(
    person_ids: Sequence[int], events: Sequence[TimelineEvent], within: Sequence[ColumnElement[bool]]
) -> Mapping[int, str]:
    """By event: the moves from its day on until the next event's, in words; `within` are the timeline's conditions.

    Only for events that stand the latest first.
    """
    if not events or events[0].occurred_at < events[-1].occurred_at:
        return {}
    moves = [one for one in queries.list_changes(person_ids) if one.old_stage != one.stage and one.stage]
    until = _next_at(events[0], within)
    found: dict[int, str] = {}
    for event in events:
        mine = [one for one in moves if _is_between(one.day, event.occurred_at, until)]
        if mine:
            # Two numbers of a person may have come to the same stage on the same day: that is said once.
            found[event.id] = "；".join(dict.fromkeys(_word(one, event.occurred_at) for one in reversed(mine)))
        until = event.occurred_at
    return found


def _next_at(event: TimelineEvent, within: Sequence[ColumnElement[bool]]) -> datetime | None:
    """When the event before a page's first one in the list happened; None at its beginning."""
    later = select(func.min(TimelineEvent.occurred_at)).where(*within, TimelineEvent.occurred_at > event.occurred_at)
    return db.session.scalar(later)


def _is_between(day: date, since: datetime, until: datetime | None) -> bool:
    """From the day of an event on, up to the day before the next one; a day's last event has what came of the day."""
    return clock.business_date(since) <= day and (until is None or day < clock.business_date(until))


def _word(move: StageChange, at: datetime) -> str:
    when = "当天" if move.day == clock.business_date(at) else f"{move.day} "
    old = f"由{STAGES[move.old_stage]}" if move.old_stage in STAGES else ""
    return f"{when}{old}变为{STAGES[move.stage]}"
