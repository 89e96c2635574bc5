"""The timeline by the thousand, for imports."""

from collections.abc import Iterable
from datetime import datetime

from app.kernel import clock
from app.kernel.facts import Fact
from app.kernel.fastpath.copies import copy_in
from app.timeline.events import late_on
from app.timeline.models import EventKind, TimelineEvent

# member_id, fact, occurred_at, mall_id, store_id, source
Event = tuple[int, Fact, datetime, int | None, int | None, str]


def record(kind: EventKind, events: Iterable[Event]) -> None:
    """Write behaviours that are not on the timeline yet; raises IntegrityError when one of them is."""
    columns = ("kind", "member_id", "fact", "occurred_at", "mall_id", "store_id", "source", "late_on")
    today = clock.business_date(clock.now())
    rows = ((kind.value, *event, late_on(event[2], today=today)) for event in events)
    copy_in(TimelineEvent, columns, rows)
