"""Counting who came through an entrance, once per visit key."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, select
from sqlalchemy.dialects.postgresql import insert

from app.entrances.day_sums import SCANS, STRAY_SCANS
from app.entrances.models import Entrance, EntranceScan
from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.day_sums.models import DayMark
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


def _marked() -> Prepared:
    """Says that the day of an opening has changed, when it is over: somebody joins who opened the page days ago."""
    scan, entrance = table_of(EntranceScan), table_of(Entrance)
    series = case((scan.c.unknown_scene.is_(None), SCANS.name), else_=STRAY_SCANS.name)
    theirs = [scan.c[name] == bindparam(name) for name in _VISIT]
    found = select(series, entrance.c.mall_id, scan.c.day).join_from(
        scan, entrance, entrance.c.id == scan.c.entrance_id
    )
    is_over = scan.c.day < bindparam("first_open", type_=scan.c.day.type)
    return Prepared(insert(table_of(DayMark)).from_select(["series", "mall_id", "day"], found.where(*theirs, is_over)))


_MARKED = _marked()


def record(opening: Opening, *, now: datetime) -> None:
    """Count an opening once per visit key."""
    _write(_RECORDED, opening, {}, now=now)


def recognise(opening: Opening, *, member_id: int, now: datetime) -> None:
    """Count an opening once per visit key, and note who it was that came through."""
    _write(_RECOGNISED, opening, {"member_id": member_id}, now=now)


def record_join(opening: Opening, *, member_id: int, now: datetime) -> None:
    """As `recognise`, and note that the opening led to joining."""
    _write(_JOINED, opening, {"member_id": member_id, "joined_at": now}, now=now)


def _write(statement: Prepared, opening: Opening, learnt: dict[str, Any], *, now: datetime) -> None:
    """Opened today it changes no day that is over, unless it is known since one."""
    day, first_open = clock.business_date(now), marks.first_open_day()
    statement.later({**asdict(opening), "scanned_at": now, "day": day, **learnt})
    if day < first_open or statement is _JOINED:
        _MARKED.later({**{name: getattr(opening, name) for name in _VISIT}, "first_open": first_open})
