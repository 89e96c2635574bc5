"""Days of browsing by the thousand, for imports."""

from collections.abc import Iterable
from datetime import datetime

from app.behaviour import facts
from app.kernel import clock
from app.timeline import bulk as timeline_bulk
from app.timeline.models import EventKind


def record_days(days: Iterable[tuple[int, datetime]]) -> None:
    """Note that members used the mini-program, from a moment on, on days of which nothing is known yet.

    The row on the timeline is that of `behaviour.record`; what they did there is not known, so no event is kept.
    Raises IntegrityError when one of the days is known.
    """
    timeline_bulk.record(
        EventKind.BROWSED,
        ((member_id, facts.browsing(clock.business_date(at)), at, None, None, "") for member_id, at in days),
    )
