"""Refreshing who is in the segments that are kept: every night, and soon after one was made or means something else."""

import logging
from datetime import datetime

from app.kernel import clock
from app.kernel.db import atomic, limit_statements
from app.lifecycle.segments import segments
from app.lifecycle.segments.errors import DefinitionWrong

logger = logging.getLogger(__name__)

MOST_MS = 300_000


def refresh_changed(*, limit: int) -> int:
    """Refresh segments that were never refreshed or mean something else since; returns how many."""
    return _refresh(None, limit=limit)


def refresh_all(*, limit: int) -> int:
    """Refresh segments that were not refreshed yet on the mall's day; returns how many."""
    return _refresh(clock.start_of_day(clock.business_date(clock.now())), limit=limit)


def _refresh(before: datetime | None, *, limit: int) -> int:
    done = 0
    while done < limit and _refresh_next(before):
        done += 1
    return done


def _refresh_next(before: datetime | None) -> bool:
    """Refresh one in a transaction of its own; False when none is due."""
    now = clock.now()
    with atomic():
        segment = segments.lock_due(before=before)
        if segment is None:
            return False
        try:
            with limit_statements(most_ms=MOST_MS):
                segments.refresh(segment, now=now)
        except DefinitionWrong:
            logger.warning("segment cannot be read any more", extra={"segment_id": segment.id})
            segments.leave(segment, now=now)
    return True
