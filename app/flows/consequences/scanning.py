"""What follows from opening an entrance: it is counted, and stands on the timeline of whoever is known."""

from collections.abc import Sequence
from datetime import datetime

from app.entrances import bulk as entrance_bulk
from app.entrances import facts, scans
from app.entrances.bulk import Opened
from app.entrances.models import Entrance
from app.entrances.scans import Opening
from app.timeline import bulk as timeline_bulk
from app.timeline import events
from app.timeline.models import EventKind


def apply(member_id: int, entrance: Entrance, opening: Opening, *, source: str, now: datetime) -> None:
    """Write them for one opening by somebody who is known, once; `source` is what the code said."""
    scans.recognise(opening, member_id=member_id, now=now)
    events.record(
        member_id,
        kind=EventKind.SCANNED,
        fact=facts.scan(entrance.id, opening.visit_key),
        occurred_at=now,
        mall_id=entrance.mall_id,
        store_id=entrance.store_id,
        source=source,
    )


def apply_all(openings: Sequence[Opened]) -> None:
    """The same for many that are new, also by nobody who is known; raises IntegrityError when one is not new."""
    entrance_bulk.record(openings)
    timeline_bulk.record(EventKind.SCANNED, (_event(one, one.member_id) for one in openings if one.member_id))


def _event(one: Opened, member_id: int) -> timeline_bulk.Event:
    place = one.entrance
    return member_id, facts.scan(place.id, one.visit_key), one.scanned_at, place.mall_id, place.store_id, place.scene
