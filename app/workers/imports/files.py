"""An import's file on this machine, for as long as it is worked on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.flows.history.files.reading import Columns, Layout, Table
from app.imports import pieces
from app.imports.models import Part
from app.kernel.db import atomic


@contextmanager
def unpacked(import_id: int, part: Part) -> Iterator[Path]:
    """The part of the import as a file."""
    with TemporaryDirectory(prefix="huitou-import-") as folder:
        path = Path(folder) / "file"
        with atomic():
            pieces.write_to(path, import_id, part)
        yield path


def layout_of(said: Mapping[str, Any], columns: int) -> Layout:
    """What people said of a file with so many columns: names by place, what holds for every row, words for codes."""
    names = [""] * columns
    for name, place in said["places"].items():
        names[place] = name
    return Layout(names, said["fixed"], said.get("words", {}))


def open_table(path: Path, columns: Columns, encoding: str | None, said: Mapping[str, Any], width: int) -> Table:
    """The file as a table of ours; raises FileInvalid."""
    return Table(path, columns, encoding=encoding, layout=layout_of(said, width))
