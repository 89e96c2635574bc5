"""Tables out of files of any size: one line is one row, and a bad row spoils no other.

Nothing is held but the line at hand. A field may be quoted but holds no line break, so a stray quote cannot swallow the
rest of the file.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from app.flows.history.files import encodings
from app.flows.history.files.encodings import BYTE_ORDER_MARK, LONGEST_LINE
from app.flows.history.files.errors import FileInvalid, RowInvalid

IGNORED_PREFIX = "reject_"  # so that a rejects file can be put right and read again as it is


class Row(NamedTuple):
    """A line of the file by its number, with its cells as many as the header has, or what is wrong with it."""

    number: int
    cells: Sequence[str]
    error: RowInvalid | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns a table must and may have."""

    required: Sequence[str]
    optional: Sequence[str] = ()


class Table:
    """A file opened for reading. `position` of `size` bytes are read; `names` is its header. Close it by `with`."""

    def __init__(self, path: Path, columns: Columns, *, encoding: str | None = None) -> None:
        """`encoding` of `encodings.CODECS`; None: it is looked for.

        Raises FileInvalid (no text, its encoding in doubt; empty; columns missing, twice or unknown) and OSError.
        """
        encodings.ensure_text(path)
        self.size = path.stat().st_size
        self.encoding = encoding or encodings.recognise(path)
        self._codec = encodings.CODECS[self.encoding]
        self._file: BinaryIO = path.open("rb")
        self.position = self._before = 0
        try:
            header = self._read_header()
            if not any(header):
                raise FileInvalid(reason="empty", columns=list(columns.required))
            self.names = [name.lower() for name in header]
            self._ensure_columns(columns)
        except FileInvalid:
            self._file.close()
            raise
        self._unnamed = [place for place, name in enumerate(self.names) if not name]

    def _read_header(self) -> Sequence[str]:
        """The names of the columns; before them may stand Excel's line `sep=;`."""
        text = self._read_text().removeprefix("\ufeff").strip()
        self._separator = ","
        if text.lower().startswith("sep=") and len(text) <= 5:
            self._separator, self._before = text[4:] or "\t", 1
            text = self._read_text()
        else:
            self._separator = max(encodings.SEPARATORS, key=text.count)
        return self._cells(text.encode(self._codec)).cells

    def _read_text(self) -> str:
        line = self._file.readline(LONGEST_LINE)
        self.position += len(line)
        return line.removeprefix(BYTE_ORDER_MARK).decode(self._codec, "replace")

    def _ensure_columns(self, columns: Columns) -> None:
        names = [name for name in self.names if name and not name.startswith(IGNORED_PREFIX)]
        known = {*columns.required, *columns.optional}
        wrong = sorted({name for name in names if name not in known or names.count(name) > 1})
        missing = [name for name in columns.required if name not in names]
        if wrong or missing:
            raise FileInvalid(reason="columns", columns=missing or wrong, missing=missing, wrong=wrong)

    def __enter__(self) -> "Table":
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def index(self, name: str) -> int | None:
        """Where the column stands; None for an optional one that is not there."""
        return self.names.index(name) if name in self.names else None

    def rows(self) -> Iterator[Row]:
        """The rows below the header; empty lines are skipped."""
        width, number = len(self.names), 1 + self._before
        while line := self._file.readline(LONGEST_LINE):
            number += 1
            self.position += len(line)
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                self._skip_line()
                yield Row(number, self._cells(line[:200]).cells[:1], RowInvalid(reason="too_long"))
                continue
            row = self._cells(line, number)
            if row.error is not None or (len(row.cells) == width and not self._unnamed):
                yield row
            elif any(row.cells):
                yield self._fitted(row)

    def _fitted(self, row: Row) -> Row:
        """The row without empty cells beyond the header; wrong when there is something where the header is empty."""
        width = len(self.names)
        cells, beyond = row.cells[:width], row.cells[width:]
        if len(cells) < width or any(beyond):
            return Row(row.number, row.cells, RowInvalid(reason="columns"))
        if any(cells[place] for place in self._unnamed):
            return Row(row.number, cells, RowInvalid(reason="unnamed"))
        return Row(row.number, cells)

    def _skip_line(self) -> None:
        while part := self._file.readline(LONGEST_LINE):
            self.position += len(part)
            if part.endswith(b"\n"):
                return

    def _cells(self, line: bytes, number: int = 1) -> Row:
        try:
            text = line.decode(self._codec)
        except UnicodeDecodeError:
            return Row(number, self._split(line.decode(self._codec, "replace")), RowInvalid(reason="encoding"))
        if '"' not in text:
            return Row(number, self._split(text))
        try:
            cells = next(csv.reader([text.strip("\r\n ")], strict=True, delimiter=self._separator))
            return Row(number, [cell.strip() for cell in cells])
        except csv.Error:
            return Row(number, self._split(text), RowInvalid(reason="quotes"))

    def _split(self, text: str) -> list[str]:
        return [cell.strip() for cell in text.split(self._separator)]
