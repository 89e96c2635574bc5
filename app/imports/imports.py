"""What people do with an import: bring its file, say what it is, let it be checked, run and stopped.

Every verb moves the import by one conditional update; whoever comes second is refused (ImportMoved).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.imports import layouts, pieces, queries
from app.imports.errors import ImportCleared, ImportMoved, ImportPieceWrong, ImportTooLarge
from app.imports.models import ENDS, Import, ImportLayout, Kind, Part, Status
from app.kernel.db import db
from app.kernel.security import codes

MOST_BYTES = 20 * 1024 * 1024
_LONGEST_NAME = 200
_WITH_PEOPLE = (Status.ASKING, Status.READY, Status.CHECKED)


def receive(mall_id: int, *, staff_id: int, kind: Kind, file_name: str, size_bytes: int, now: datetime) -> Import:
    """Begin an import of a file of that size, whose pieces follow. Raises ImportTooLarge and ImportPieceWrong."""
    if size_bytes > MOST_BYTES:
        raise ImportTooLarge(most_bytes=MOST_BYTES)
    if size_bytes <= 0:
        raise ImportPieceWrong
    made = Import(
        public_id=codes.new_public_id(),
        mall_id=mall_id,
        staff_id=staff_id,
        kind=kind.value,
        status=Status.RECEIVING.value,
        file_name=file_name[-_LONGEST_NAME:],
        size_bytes=size_bytes,
        sheets=[],
        headings=[],
        layout={},
        options={},
        problem={},
        rows=0,
        rows_done=0,
        foreseen={},
        counts={},
        uploaded_at=now,
        failures=0,
        due_at=now,
        attempts=0,
    )
    db.session.add(made)
    db.session.flush()
    return made


def add_piece(found: Import, number: int, data: bytes, *, now: datetime) -> bool:
    """Take a piece of the file; with the last missing one it is read. Returns whether all are here.

    The same piece again changes nothing. Pieces that come at once take turns at the import: each counts those before
    it, and the last one sees them all. Raises ImportPieceWrong and ImportMoved.
    """
    if len(data) != _length_of(found, number):
        raise ImportPieceWrong
    queries.lock(found)
    if found.status != Status.RECEIVING:
        if found.status in (Status.CANCELLED, Status.REFUSED):
            raise ImportMoved(status=found.status)
        return True
    pieces.keep(found.id, Part.SOURCE, number, data)
    if pieces.count(found.id, Part.SOURCE) < pieces_of(found.size_bytes):
        return False
    return _move(found, Status.RECEIVING, to=Status.READING, due_at=now)


def pieces_of(size_bytes: int) -> int:
    """How many pieces a file of that size has."""
    return -(-size_bytes // pieces.PIECE_BYTES)


def _length_of(found: Import, number: int) -> int:
    if not 0 <= number < pieces_of(found.size_bytes):
        raise ImportPieceWrong
    return min(pieces.PIECE_BYTES, found.size_bytes - number * pieces.PIECE_BYTES)


def read_again(found: Import, *, now: datetime, encoding: str | None = None, sheet: str | None = None) -> None:
    """Let the file be read as somebody says: in an encoding, or another sheet of it."""
    _ensure_kept(found)
    pieces.forget(found.id, Part.TEXT, Part.CHECKED)
    _move_or_raise(
        found,
        *_WITH_PEOPLE,
        to=Status.READING,
        encoding=encoding,
        sheet=sheet,
        layout={},
        foreseen={},
        problem={},
        due_at=now,
    )


def lay_out(found: Import, layout: Mapping[str, Any], options: Mapping[str, Any], *, now: datetime) -> None:
    """Say what the columns are and what is to follow; remembered for the next file with the same headings."""
    _ensure_kept(found)
    said = {"layout": dict(layout), "options": dict(options)}
    pieces.forget(found.id, Part.CHECKED)
    _move_or_raise(found, Status.READY, Status.CHECKED, to=Status.READY, foreseen={}, **said)
    key = {"mall_id": found.mall_id, "kind": found.kind, "headings_digest": layouts.digest_of(found.headings)}
    statement = insert(ImportLayout).values(**key, **said, said_at=now)
    db.session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=said | {"said_at": now}))


def begin_check(found: Import, *, now: datetime) -> None:
    """Let a worker count what the import would do."""
    _ensure_kept(found)
    pieces.forget(found.id, Part.CHECKED)
    _move_or_raise(
        found, Status.READY, Status.CHECKED, to=Status.CHECKING, rows_done=0, foreseen={}, failures=0, due_at=now
    )


def begin_run(found: Import, *, now: datetime) -> bool:
    """Let a worker bring the file in; False when that was begun before."""
    if found.status in (Status.RUNNING, Status.DONE):
        return False
    _ensure_kept(found)
    _move_or_raise(
        found, Status.CHECKED, to=Status.RUNNING, rows_done=0, counts={}, failures=0, begun_at=now, due_at=now
    )
    return True


def cancel(found: Import, *, now: datetime) -> bool:
    """Stop the import: at once while it changes nothing, else before its next batch. False when it has ended before.

    What has come of a file whose rest will not come goes at once.
    """
    queries.lock(found)
    if found.status in ENDS:
        return False
    if found.status == Status.RUNNING:
        return _move(found, Status.RUNNING, to=Status.RUNNING, cancel_asked_at=now)
    if found.status == Status.RECEIVING:
        pieces.forget(found.id, Part.SOURCE)
        return _move(found, Status.RECEIVING, to=Status.CANCELLED, done_at=now, cleared_at=now)
    others = [status for status in Status if status not in (*ENDS, Status.RUNNING)]
    return _move(found, *others, to=Status.CANCELLED, done_at=now, given_up_at=None)


def resume(found: Import, *, now: datetime) -> None:
    """Let workers go on where they gave up."""
    _ensure_kept(found)
    during = Status(found.problem.get("during", Status.READING))
    _move_or_raise(found, Status.FAILED, to=during, given_up_at=None, problem={}, failures=0, due_at=now)


def _ensure_kept(found: Import) -> None:
    if found.cleared_at is not None:
        raise ImportCleared


def _move_or_raise(found: Import, *statuses: Status, to: Status, **values: Any) -> None:
    if not _move(found, *statuses, to=to, **values):
        raise ImportMoved(status=queries.get_by_id(found.id).status)


def _move(found: Import, *statuses: Status, to: Status, **values: Any) -> bool:
    moved = db.session.execute(
        update(Import)
        .where(Import.id == found.id, Import.status.in_([status.value for status in statuses]))
        .values(status=to.value, **values)
        .returning(Import.id)
        .execution_options(synchronize_session=False)
    ).first()
    db.session.refresh(found)
    return moved is not None
