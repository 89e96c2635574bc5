"""Counting who came through an entrance, once per visit key."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from app.entrances.models import EntranceScan
from app.kernel import clock
from app.kernel.db import table_of
from app.kernel.fastpath.prepared import Prepared

_VISIT = ("entrance_id", "visit_key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One opening: where it counts, the client's key of it, and what the code said when it is nobody's."""

    entrance_id: int
    visit_key: str
    unknown_scene: str | None = None


def _written(*learnt: str) -> Prepared:
    """Writes an opening, or what was learnt since about one that is known."""
    values: dict[str, Any] = {
        name: bindparam(name) for name in (*_VISIT, "scanned_at", "day", "unknown_scene", *learnt)
    }
    scan = insert(table_of(EntranceScan)).values(values)
    if not learnt:
        return Prepared(scan.on_conflict_do_nothing())
    return Prepared(
        scan.on_conflict_do_update(index_elements=_VISIT, set_={name: scan.excluded[name] for name in learnt})
    )


_RECORDED, _RECOGNISED, _JOINED = _written(), _written("member_id"), _written("member_id", "joined_at")


def record(opening: Opening, *, now: datetime) -> None:
    """Count an opening once per visit key."""
    _RECORDED.later(_row(opening, now=now))


def recognise(opening: Opening, *, member_id: int, now: datetime) -> None:
    """Count an opening once per visit key, and note who it was that came through."""
    _RECOGNISED.later({**_row(opening, now=now), "member_id": member_id})


def record_join(opening: Opening, *, member_id: int, now: datetime) -> None:
    """As `recognise`, and note that the opening led to joining."""
    _JOINED.later({**_row(opening, now=now), "member_id": member_id, "joined_at": now})


def _row(opening: Opening, *, now: datetime) -> dict[str, Any]:
    return {**asdict(opening), "scanned_at": now, "day": clock.business_date(now)}
