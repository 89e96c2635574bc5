"""Files that somebody has uploaded."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from app.imports import imports, pieces, queries
from app.imports.models import Import, Kind
from app.kernel import clock
from app.kernel.db import db
from app.malls.models import Mall
from app.workers.imports import reading, running
from tests.builders.staff import make_staff


def csv_bytes(header: Sequence[str], rows: Sequence[Sequence[object]], *, encoding: str = "utf-8") -> bytes:
    """A table as a file's bytes."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode(encoding)


def upload(mall: Mall, kind: Kind, data: bytes, *, name: str = "history.csv") -> Import:
    """A file that has come wholly, and that nobody has looked at."""
    found = imports.receive(
        mall.id, staff_id=make_staff().id, kind=kind, file_name=name, size_bytes=len(data), now=clock.now()
    )
    for number in range(imports.pieces_of(len(data))):
        start = number * pieces.PIECE_BYTES
        imports.add_piece(found, number, data[start : start + pieces.PIECE_BYTES], now=clock.now())
    db.session.commit()
    return found


def read(mall: Mall, kind: Kind, data: bytes, *, name: str = "history.csv") -> Import:
    """A file that a worker has looked at."""
    found = upload(mall, kind, data, name=name)
    assert reading.read_next()
    return again(found)


def lay_out(found: Import, *, fixed: Mapping[str, str] | None = None, **options: Any) -> Import:
    """Take the headings for what they say."""
    places = {heading: place for place, heading in enumerate(found.headings)}
    imports.lay_out(found, {"places": places, "fixed": dict(fixed or {})}, options, now=clock.now())
    db.session.commit()
    return again(found)


def check(found: Import) -> Import:
    """Let a worker count what would happen."""
    imports.begin_check(found, now=clock.now())
    db.session.commit()
    while running.work_on_next():
        pass
    return again(found)


def run(found: Import) -> Import:
    """Let a worker bring it in, to its end."""
    imports.begin_run(found, now=clock.now())
    db.session.commit()
    while running.work_on_next():
        pass
    return again(found)


def again(found: Import) -> Import:
    """As it stands now."""
    return queries.get_by_id(found.id)
