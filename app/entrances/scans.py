"""Counting who came through an entrance, once per visit key."""

from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.dialects.postgresql import insert

from app.entrances.models import EntranceScan
from app.kernel import clock
from app.kernel.db import table_of
from app.kernel.fastpath.prepared import Prepared

_SCANS = table_of(EntranceScan)
_SCANNED = Prepared(
    insert(_SCANS)
    .values({name: bindparam(name) for name in ("entrance_id", "visit_key", "scanned_at", "day")})
    .on_conflict_do_nothing()
)
_OF_VISIT = update(_SCANS).where(
    _SCANS.c.entrance_id == bindparam("entrance"), _SCANS.c.visit_key == bindparam("visit")
)
_RECOGNISED = Prepared(_OF_VISIT.values(member_id=bindparam("member")))
_JOINED = Prepared(_OF_VISIT.values(member_id=bindparam("member"), joined_at=bindparam("joined")))


def record(entrance_id: int, *, visit_key: str, now: datetime) -> None:
    """Count an opening once per visit key."""
    _SCANNED.later(
        {"entrance_id": entrance_id, "visit_key": visit_key, "scanned_at": now, "day": clock.business_date(now)}
    )


def recognise(entrance_id: int, *, visit_key: str, member_id: int) -> None:
    """Note who it was that came through."""
    _RECOGNISED.later({"entrance": entrance_id, "visit": visit_key, "member": member_id})


def record_join(entrance_id: int, *, visit_key: str, member_id: int, now: datetime) -> None:
    """Note that the opening led to joining."""
    record(entrance_id, visit_key=visit_key, now=now)
    _JOINED.later({"entrance": entrance_id, "visit": visit_key, "member": member_id, "joined": now})
