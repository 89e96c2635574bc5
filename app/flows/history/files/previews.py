"""The first rows of a table as an import would read them, cell by cell, for whoever decides what its columns are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from app.flows.history.files.errors import RowInvalid
from app.flows.history.files.parsing import Parsed, Read
from app.flows.history.files.reading import Row, Table
from app.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it stands in the file and as it is read, or why it cannot be."""

    text: str
    value: Any = None
    error: DomainError | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A row with those of its cells that an import reads, by column.

    `error` is why the row would be rejected before anything is looked up, `note` what of it would not be kept.
    """

    number: int
    cells: Mapping[str, Cell]
    error: DomainError | None
    note: DomainError | None = None


def preview(
    table: Table, read: Callable[[Table], Iterable[Parsed[Any]]], read_cell: Mapping[str, Read], *, most: int
) -> list[Seen]:
    """About the first `most` rows; the lines of a receipt stay together."""
    seen: list[Seen] = []
    for parsed in read(table):
        for row, error in zip_longest(parsed.rows, parsed.errors):
            note = parsed.note if row is parsed.rows[0] else None
            seen.append(Seen(row.number, _read(row, table.names, read_cell), error, note))
        if len(seen) >= most:
            break
    return seen[:most]


def _read(row: Row, names: Sequence[str], read_cell: Mapping[str, Read]) -> dict[str, Cell]:
    """The cells of a row that has as many as the header."""
    pairs = zip(names, row.cells, strict=False) if len(row.cells) >= len(names) else ()
    return {name: _read_one(text, read_cell[name]) for name, text in pairs if name in read_cell}


def _read_one(text: str, read: Read) -> Cell:
    try:
        return Cell(text, read(text))
    except RowInvalid as error:
        return Cell(text, error=error)
