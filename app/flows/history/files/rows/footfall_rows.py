"""Rows of the footfall table as counts: a door, an hour of the mall's day, how many came in."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from app.entrances.footfall import LONGEST_DOOR, MOST_VISITORS, Count, spell_door
from app.flows.history.files import cells, parsing
from app.flows.history.files.errors import RowInvalid
from app.flows.history.files.parsing import Parsed, Read
from app.flows.history.files.reading import Columns, Row, Table
from app.kernel import clock
from app.kernel.spelling import marks

FOOTFALL = Columns(("door", "day", "visitors"), ("hour",))

_HOURS = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:(?::|时|点)(?:00)?(?::00)?)?(?: ?[-~至到] ?[0-9]{1,2}(?:(?::|时|点)[0-9:]*)?)?"
)
_TIME = re.compile(r"[:时点]|[0-9]{12}")
_VISITORS = re.compile(r"[0-9]{1,7}|[0-9]{1,3}(?:,[0-9]{3}){1,2}")
_LAST_HOUR = 23


def footfall_cells(*, now: datetime) -> dict[str, Read]:
    """How each cell of the footfall table is read."""
    return {
        "door": lambda text: spell_door(cells.plain(text, "door", LONGEST_DOOR)),
        "day": lambda text: cells.moment(text, "day", now=now),
        "hour": _hour,
        "visitors": _visitors,
    }


def read_footfall(table: Table, *, now: datetime) -> Iterator[Parsed[Count]]:
    """One hour of a door a row; a row that says of an hour otherwise than one before it is rejected."""
    read, said = _reader(table, now), dict[tuple[object, ...], tuple[int, int]]()
    for row in table.rows():
        try:
            if row.error is not None:
                raise row.error
            count = read(row)
            visitors, line = said.setdefault(count.hour_of_door, (count.visitors, row.number))
            if visitors != count.visitors:
                raise RowInvalid(reason="hour_twice", column="visitors", line=line)
            yield Parsed([row], count)
        except RowInvalid as error:
            yield Parsed([row], None, [error])


def _reader(table: Table, now: datetime) -> Callable[[Row], Count]:
    door, day, visitors = parsing.places(table, FOOTFALL)
    hour = table.names.index("hour") if "hour" in table.names else None
    read = footfall_cells(now=now)

    def parse(row: Row) -> Count:
        moment: datetime = read["day"](row.cells[day])
        count = Count(
            door=read["door"](row.cells[door]),
            day=clock.business_date(moment),
            hour=_hour_of(row.cells[day], moment) if hour is None else _hour(row.cells[hour]),
            visitors=_visitors(row.cells[visitors]),
        )
        if count.begins_at > now + clock.MACHINES_AHEAD:
            raise RowInvalid(reason="moment_range", column="day" if hour is None else "hour")
        return count

    return parse


def _hour_of(text: str, moment: datetime) -> int:
    """The hour of a day that bears its time; one without any is no hour of the night."""
    if not _TIME.search(marks.folded(text)):
        raise RowInvalid(reason="hour_missing", column="day")
    return clock.local(moment).hour


def _hour(text: str) -> int:
    """The hour at which it begins: `10`, `10:00`, `10时`, `10:00-11:00`."""
    found = _HOURS.fullmatch(marks.plain_dashes(marks.one_line(marks.folded(text))))
    if found is None or int(found["hour"]) > _LAST_HOUR:
        raise RowInvalid(reason="missing" if not text.strip() else "hour", column="hour")
    return int(found["hour"])


def _visitors(text: str) -> int:
    plain = marks.one_line(marks.folded(text)).removesuffix("人")
    found = _VISITORS.fullmatch(plain)
    if found is None or int(plain.replace(",", "")) > MOST_VISITORS:
        raise RowInvalid(
            reason="missing" if not text.strip() else "visitors", column="visitors", most=f"{MOST_VISITORS:,}"
        )
    return int(plain.replace(",", ""))
