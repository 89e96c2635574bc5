"""Footfall: how many came in by which door in which hour. Said again it is replaced, and both are written down."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.access import audit
from app.access.audit import Actor
from app.access.scopes import Place
from app.entrances.day_sums import FOOTFALL
from app.entrances.errors import FootfallAhead
from app.entrances.models import Door, Footfall
from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import db, table_of
from app.kernel.spelling import names

MOST_VISITORS = 1_000_000  # of a door in an hour
LONGEST_DOOR = 64


def spell_door(text: str) -> str:
    """A door's code as it is kept, whoever says it: any words on one line, `南门` as well as `N1`."""
    return names.spell_text(text)


class Source(StrEnum):
    """Who says how many came."""

    API = "api"
    FILE = "file"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Count:
    """How many came in by a door, known by its code, in the hour that begins at `hour` on that day in the mall."""

    door: str
    day: date
    hour: int
    visitors: int

    @property
    def hour_of_door(self) -> tuple[str, date, int]:
        """What it is about: a batch says it once."""
        return self.door, self.day, self.hour

    @property
    def begins_at(self) -> datetime:
        """The moment at which the hour begins."""
        return datetime.combine(self.day, time(self.hour), clock.MALL_ZONE)


@dataclass(frozen=True, slots=True)
class Correction:
    """A count that another one replaced."""

    count: Count
    door_id: int
    before: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a batch of counts did: hours that were new, those that it corrected, and how many it only repeated.

    `before` is what was known of the hours that are not new.
    """

    new: int
    corrected: Sequence[Correction]
    repeated: int
    before: Mapping[tuple[str, date, int], int]


def record(mall_id: int, counts: Sequence[Count], *, source: Source, actor: Actor, now: datetime) -> Recorded:
    """Keep the counts, each hour of a door once in them; a correction is in the audit log with what was said before.

    A door that is not known yet is made. Raises FootfallAhead for an hour that has not begun.
    """
    ahead = next((one for one in counts if one.begins_at > now + clock.MACHINES_AHEAD), None)
    if ahead is not None:
        raise FootfallAhead(day=ahead.day.isoformat(), hour=ahead.hour)
    doors = _lock_doors(mall_id, {one.door for one in counts}, now=now)
    before = _find_known(doors, counts)
    changed = [one for one in counts if before.get(one.hour_of_door) != one.visitors]
    _write(mall_id, doors, changed, source=source, by=actor.name, now=now)
    marks.note_all(FOOTFALL, ((mall_id, one.day) for one in changed))
    corrected = [
        Correction(one, doors[one.door], before[one.hour_of_door]) for one in changed if one.hour_of_door in before
    ]
    for correction in corrected:
        _audit(mall_id, correction, actor, now=now)
    return Recorded(len(changed) - len(corrected), corrected, len(counts) - len(changed), before)


def find_known(mall_id: int, counts: Sequence[Count]) -> dict[tuple[str, date, int], int]:
    """What was said before of the hours of these counts, by door, day and hour; what nobody said is left out."""
    doors = db.session.execute(
        select(Door.code, Door.id).where(Door.mall_id == mall_id, Door.code.in_({one.door for one in counts}))
    )
    return _find_known(dict(doors.tuples().all()), counts)


def _lock_doors(mall_id: int, codes: Collection[str], *, now: datetime) -> dict[str, int]:
    """The doors by their codes, locked in ascending order: who corrects at the same time waits."""
    rows = [{"mall_id": mall_id, "code": code, "name": code, "created_at": now} for code in sorted(codes)]
    db.session.execute(insert(table_of(Door)).values(rows).on_conflict_do_nothing())
    locked = db.session.execute(
        select(Door.code, Door.id)
        .where(Door.mall_id == mall_id, Door.code.in_(codes))
        .order_by(Door.id)
        .with_for_update()
    )
    return dict(locked.tuples().all())


def _find_known(doors: Mapping[str, int], counts: Sequence[Count]) -> dict[tuple[str, date, int], int]:
    one = Footfall
    hours = {(doors[count.door], count.day, count.hour) for count in counts if count.door in doors}
    rows = db.session.execute(
        select(one.door_id, one.day, one.hour, one.visitors).where(tuple_(one.door_id, one.day, one.hour).in_(hours))
    )
    codes = {door_id: code for code, door_id in doors.items()}
    return {(codes[door_id], day, hour): visitors for door_id, day, hour, visitors in rows}


def _write(
    mall_id: int, doors: dict[str, int], counts: Sequence[Count], *, source: Source, by: str, now: datetime
) -> None:
    if not counts:
        return
    said = {"mall_id": mall_id, "source": source.value, "counted_by": by, "counted_at": now}
    rows = [
        {"door_id": doors[one.door], "day": one.day, "hour": one.hour, "visitors": one.visitors, **said}
        for one in counts
    ]
    statement = insert(table_of(Footfall)).values(rows)
    replaced = ("visitors", "source", "counted_by", "counted_at")
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["door_id", "day", "hour"], set_={name: statement.excluded[name] for name in replaced}
        )
    )


def _audit(mall_id: int, correction: Correction, actor: Actor, *, now: datetime) -> None:
    count = correction.count
    facts = {
        "day": count.day.isoformat(),
        "hour": count.hour,
        "visitors_before": correction.before,
        "visitors": count.visitors,
    }
    place = Place(mall_id=mall_id)
    audit.record(
        actor, action="footfall.correct", subject=f"door:{correction.door_id}", now=now, facts=facts, place=place
    )


def describe(door: Door, *, name: str, entrance_id: int | None) -> bool:
    """Call the door by a name and say which entrance hangs there; False when that was said already."""
    if (door.name, door.entrance_id) == (name, entrance_id):
        return False
    door.name, door.entrance_id = name, entrance_id
    db.session.flush()
    return True
