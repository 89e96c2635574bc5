"""Finding out what an uploaded file is: its sheet, its encoding, its headings, how many rows it has."""

import hashlib
import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.flows.history.files import workbooks
from app.flows.history.files.encodings import UTF8
from app.flows.history.files.errors import FileInvalid
from app.flows.history.files.reading import Table
from app.imports import pieces, work
from app.imports.models import Kind, Part, Status
from app.imports.work import ClaimLost, Work
from app.kernel import clock
from app.kernel.db import atomic
from app.workers import batches
from app.workers.imports import files
from app.workers.imports.kinds import WAYS

logger = logging.getLogger(__name__)

# What people can still help with by saying more.
_ASKED = ("encoding", "sheet")


def read_next() -> bool:
    """Read the file that waits longest; False when none does. Any number of workers may run at once."""
    with atomic():
        claimed = work.claim(work.READERS, now=clock.now())
    if claimed is None:
        return False
    try:
        _read(claimed)
    except ClaimLost:
        logger.info("import taken by somebody else", extra={"import_id": claimed.id})
    except Exception as error:
        logger.exception("import not read", extra={"import_id": claimed.id})
        with atomic():
            work.fail(claimed, error=batches.reason_of(error), now=clock.now())
    return True


def _read(claimed: Work) -> None:
    with files.unpacked(claimed.id, Part.SOURCE) as path, TemporaryDirectory(prefix="huitou-import-") as folder:
        found: dict[str, Any] = {"digest": _digest(path)}
        try:
            text = _text_of(path, Path(folder) / "text", claimed, found)
            _look_through(text, claimed, found)
        except FileInvalid as error:
            asked = error.facts["reason"] in _ASKED
            _end(claimed, Status.ASKING if asked else Status.REFUSED, None, {**found, "problem": error.facts})
        else:
            _end(claimed, Status.READY, text if found["sheets"] else None, found)


def _text_of(path: Path, target: Path, claimed: Work, found: dict[str, Any]) -> Path:
    """The file as text: itself, or what its sheet says."""
    found |= {"sheet": None, "sheets": [], "encoding": claimed.encoding}
    if not workbooks.is_workbook(path):
        return path
    most_rows = WAYS[Kind(claimed.kind)].most_rows
    sheet = workbooks.write_text(path, target, most_rows=most_rows, sheet=claimed.sheet)
    found |= {"sheet": sheet.name, "sheets": list(sheet.names), "encoding": UTF8}
    return target


def _look_through(path: Path, claimed: Work, found: dict[str, Any]) -> None:
    """Headings and rows; raises FileInvalid, also for a file without rows and for one with too many."""
    most_rows = WAYS[Kind(claimed.kind)].most_rows
    with Table(path, None, encoding=found["encoding"]) as table:
        found |= {"encoding": table.encoding, "headings": list(table.headings), "rows": 0}
        for _ in table.rows():
            found["rows"] += 1
            if found["rows"] > most_rows:
                raise FileInvalid(reason="too_many_rows", most=most_rows)
    if not found["rows"]:
        raise FileInvalid(reason="no_rows")


def _end(claimed: Work, status: Status, text: Path | None, found: dict[str, Any]) -> None:
    with atomic():
        pieces.forget(claimed.id, Part.TEXT)
        if text is not None:
            pieces.keep_file(claimed.id, Part.TEXT, text)
        work.move(claimed, status, now=clock.now(), **found)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
