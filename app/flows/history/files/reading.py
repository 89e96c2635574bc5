"""Tables out of files of any size: one line is one row, UTF-8 or GB18030, and a bad row spoils no other.

Nothing is held but the line at hand. A field may be quoted but holds no line break, so a stray quote cannot swallow the
rest of the file.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from app.flows.history.files.errors import FileInvalid, RowInvalid

LONGEST_LINE = 64 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
IGNORED_PREFIX = "reject_"  # so that a rejects file can be put right and read again as it is
ENCODINGS = ("utf-8", "gb18030")


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

    def __init__(self, path: Path, columns: Columns) -> None:
        """Raises FileInvalid (empty; columns missing, twice or unknown) and OSError."""
        self.size = path.stat().st_size
        self.encoding = recognise_encoding(path)
        self._file: BinaryIO = path.open("rb")
        first = self._file.readline(LONGEST_LINE)
        self.position = len(first)
        header = _cells(first.removeprefix(BYTE_ORDER_MARK), self.encoding)
        if not any(header.cells):
            self._file.close()
            raise FileInvalid(reason="empty", columns=list(columns.required))
        self.names = [name.lower() for name in header.cells]
        self._ensure_columns(columns)

    def _ensure_columns(self, columns: Columns) -> None:
        names = [name for name in self.names if not name.startswith(IGNORED_PREFIX)]
        known = {*columns.required, *columns.optional}
        wrong = sorted({name for name in names if name not in known or names.count(name) > 1})
        missing = [name for name in columns.required if name not in names]
        if wrong or missing:
            self._file.close()
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
        width, number = len(self.names), 1
        while line := self._file.readline(LONGEST_LINE):
            number += 1
            self.position += len(line)
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                self._skip_line()
                yield Row(number, _cells(line[:200], self.encoding).cells[:1], RowInvalid(reason="too_long"))
                continue
            row = _cells(line, self.encoding, number)
            if len(row.cells) == width or row.error is not None:
                yield row
            elif any(row.cells):
                yield Row(number, row.cells, RowInvalid(reason="columns"))

    def _skip_line(self) -> None:
        while part := self._file.readline(LONGEST_LINE):
            self.position += len(part)
            if part.endswith(b"\n"):
                return


def recognise_encoding(path: Path) -> str:
    """UTF-8 unless most of the lines that are not plain ASCII cannot be; the whole file is looked through."""
    votes = 0
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE):
            if not line.isascii():
                votes += 1 if _is_utf8(line) else -1
    return ENCODINGS[0] if votes >= 0 else ENCODINGS[1]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _cells(line: bytes, encoding: str, number: int = 1) -> Row:
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError:
        return Row(number, _split(line.decode(encoding, "replace")), RowInvalid(reason="encoding"))
    if '"' not in text:
        return Row(number, _split(text))
    try:
        return Row(number, [cell.strip() for cell in next(csv.reader([text.strip()], strict=True))])
    except csv.Error:
        return Row(number, _split(text), RowInvalid(reason="quotes"))


def _split(text: str) -> list[str]:
    return [cell.strip() for cell in text.split(",")]
