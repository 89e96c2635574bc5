"""The bytes of files, and what is told of their rows: packed, sealed, one statement a piece."""

import json
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.imports.models import ImportPiece, Part
from app.kernel.db import db
from app.kernel.security import crypto

PURPOSE = "import file"
PIECE_BYTES = 1024 * 1024


def keep(import_id: int, part: Part, number: int, data: bytes) -> None:
    """Keep a piece under its number; the first one with it stays."""
    sealed = crypto.seal_bytes(zlib.compress(data, 1), purpose=PURPOSE)
    db.session.execute(
        insert(ImportPiece)
        .values(import_id=import_id, part=part.value, number=number, sealed=sealed)
        .on_conflict_do_nothing()
    )


def keep_file(import_id: int, part: Part, path: Path) -> None:
    """Keep a whole file."""
    with path.open("rb") as file:
        for number, data in enumerate(iter(lambda: file.read(PIECE_BYTES), b"")):
            keep(import_id, part, number, data)


def keep_rows(import_id: int, part: Part, number: int, rows: Sequence[Any]) -> None:
    """Keep what is told of a batch's rows, as JSON."""
    keep(import_id, part, number, json.dumps(rows, ensure_ascii=False, default=str).encode())


def count(import_id: int, part: Part) -> int:
    """How many pieces there are."""
    found = select(func.count()).where(ImportPiece.import_id == import_id, ImportPiece.part == part.value)
    return db.session.scalar(found) or 0


def read(import_id: int, part: Part) -> Iterator[bytes]:
    """The pieces in their order."""
    numbers = db.session.scalars(
        select(ImportPiece.number)
        .where(ImportPiece.import_id == import_id, ImportPiece.part == part.value)
        .order_by(ImportPiece.number)
    ).all()
    for number in numbers:
        sealed = db.session.scalar(
            select(ImportPiece.sealed).where(
                ImportPiece.import_id == import_id, ImportPiece.part == part.value, ImportPiece.number == number
            )
        )
        if sealed is not None:
            yield zlib.decompress(crypto.unseal_bytes(sealed, purpose=PURPOSE))


def read_rows(import_id: int, part: Part) -> Iterator[Any]:
    """What is told of rows, batch after batch."""
    for data in read(import_id, part):
        yield from json.loads(data)


def write_to(path: Path, import_id: int, part: Part, *, most_bytes: int | None = None) -> None:
    """The file again, or about its first bytes."""
    with path.open("wb") as file:
        for data in read(import_id, part):
            file.write(data)
            if most_bytes is not None and file.tell() >= most_bytes:
                return


def forget(import_id: int, *parts: Part) -> None:
    """Let parts of an import go."""
    names = [part.value for part in parts]
    db.session.execute(delete(ImportPiece).where(ImportPiece.import_id == import_id, ImportPiece.part.in_(names)))
