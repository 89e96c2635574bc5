"""Openings of entrances by the thousand, for what is brought in of the past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.entrances.day_sums import SCANS
from app.entrances.models import Entrance, EntranceScan
from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.fastpath.copies import copy_in

_COLUMNS = ("entrance_id", "visit_key", "scanned_at", "day", "member_id", "joined_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An opening of the past: by whom, if that is known, and when they joined by it, if they did."""

    entrance: Entrance
    visit_key: str
    scanned_at: datetime
    member_id: int | None = None
    joined_at: datetime | None = None


def record(openings: Sequence[Opened]) -> None:
    """Count openings that are not counted yet; raises IntegrityError when one of them is."""
    dated = [(one, clock.business_date(one.scanned_at)) for one in openings]
    rows = ((one.entrance.id, one.visit_key, one.scanned_at, day, one.member_id, one.joined_at) for one, day in dated)
    copy_in(EntranceScan, _COLUMNS, rows)
    marks.note_all(SCANS, ((one.entrance.mall_id, day) for one, day in dated))
