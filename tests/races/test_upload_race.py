"""The last two pieces of a file at once: whichever commits later sees that all are here."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.imports import imports, pieces, queries
from app.imports.errors import ImportMoved
from app.imports.models import Import, ImportPiece, Kind, Status
from app.kernel import clock
from app.kernel.db import atomic, db
from tests.builders.malls import make_mall
from tests.builders.staff import make_staff
from tests.support.races import interleave


@pytest.mark.parametrize(("takes_turns", "status"), [(True, Status.READING), (False, Status.RECEIVING)])
def test_two_last_pieces_at_once_complete_the_upload(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch, takes_turns: bool, status: Status
) -> None:
    """The control counts without a turn: each misses the other's piece, and the upload would wait for ever."""
    if not takes_turns:
        monkeypatch.setattr(queries, "lock", lambda found: None)
    import_id = begun()
    interleave(committed_app, lambda: bring(import_id, 0), lambda: bring(import_id, 1))
    assert queries.get_by_id(import_id).status == status
    assert count_pieces() == 2


def test_a_piece_that_meets_the_end_of_its_upload_is_kept_nowhere(committed_app: Flask) -> None:
    import_id = begun()
    with atomic():
        bring(import_id, 0)
    results = interleave(
        committed_app,
        lambda: imports.cancel(queries.get_by_id(import_id), now=clock.now()),
        lambda: bring(import_id, 1),
    )
    assert [type(one) for one in results] == [bool, ImportMoved]
    db.session.rollback()
    found = queries.get_by_id(import_id)
    assert (found.status, found.cleared_at is not None, count_pieces()) == (Status.CANCELLED, True, 0)


def begun() -> int:
    """An import whose file has two pieces."""
    with atomic():
        mall_id, staff_id = make_mall().id, make_staff().id
        size = pieces.PIECE_BYTES + 1
        made = imports.receive(
            mall_id, staff_id=staff_id, kind=Kind.MEMBERS, file_name="a.csv", size_bytes=size, now=clock.now()
        )
        return made.id


def bring(import_id: int, number: int) -> None:
    data = b"x" * (pieces.PIECE_BYTES if number == 0 else 1)
    imports.add_piece(queries.get_by_id(import_id), number, data, now=clock.now())


def count_pieces() -> int:
    return db.session.scalar(select(func.count()).select_from(ImportPiece).join(Import)) or 0
