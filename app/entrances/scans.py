"""Counting who came through an entrance, once per visit key."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from app.entrances.models import EntranceScan
from app.kernel import clock
from app.kernel.db import table_of
from app.kernel.fastpath.prepared import Prepared

_VISIT = ("entrance_id", "visit_key")


def _written(*learnt: str) -> Prepared:
    """Writes an opening, or what was learnt since about one that is known."""
    values: dict[str, Any] = {name: bindparam(name) for name in (*_VISIT, "scanned_at", "day", *learnt)}
    scan = insert(table_of(EntranceScan)).values(values)
    if not learnt:
        return Prepared(scan.on_conflict_do_nothing())
    return Prepared(
        scan.on_conflict_do_update(index_elements=_VISIT, set_={name: scan.excluded[name] for name in learnt})
    )


_RECORDED, _RECOGNISED, _JOINED = _written(), _written("member_id"), _written("member_id", "joined_at")


def record(entrance_id: int, *, visit_key: str, now: datetime) -> None:
    """Count an opening once per visit key."""
    _RECORDED.later(_opening(entrance_id, visit_key, now=now))


def recognise(entrance_id: int, *, visit_key: str, member_id: int, now: datetime) -> None:
    """Count an opening once per visit key, and note who it was that came through."""
    _RECOGNISED.later({**_opening(entrance_id, visit_key, now=now), "member_id": member_id})


def record_join(entrance_id: int, *, visit_key: str, member_id: int, now: datetime) -> None:
    """As `recognise`, and note that the opening led to joining."""
    _JOINED.later({**_opening(entrance_id, visit_key, now=now), "member_id": member_id, "joined_at": now})


def _opening(entrance_id: int, visit_key: str, *, now: datetime) -> dict[str, Any]:
    return {"entrance_id": entrance_id, "visit_key": visit_key, "scanned_at": now, "day": clock.business_date(now)}
