"""Tables out of files of any size: one line is one row, and a bad row spoils no other.

Nothing is held but the line at hand. A field may be quoted but holds no line break, so a stray quote cannot swallow the
rest of the file.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from app.flows.history.files import artefacts, encodings
from app.flows.history.files.encodings import BYTE_ORDER_MARK, LONGEST_LINE
from app.flows.history.files.errors import FileInvalid, RowInvalid
from app.kernel.spelling import marks

_MOST_TITLES, _SEEN_BELOW = 10, 5
MOST_COLUMNS = 200
_END_OF_FILE = "\x1a"  # what programs of the days of DOS put behind the last row
IGNORED_PREFIX = "reject_"  # so that a rejects file can be put right and read again as it is


class Row(NamedTuple):
    """A line of the file by its number, with its cells as many as the header has, or what is wrong with it."""

    number: int
    cells: Sequence[str]
    error: RowInvalid | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns a table must and may have. `instead`: what may stand in a required one's place."""

    required: Sequence[str]
    optional: Sequence[str] = ()
    instead: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which of our columns a file's columns are, for files with headings of their own.

    `names` by place, empty for a column that is left out; `fixed` is what is said for every row without a column;
    `words` are what cells of a column stand for, by our name of it.
    """

    names: Sequence[str]
    fixed: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Table:
    """A file opened for reading. `position` of `size` bytes are read. Close it by `with`.

    `headings` are as they stand in the file, `names` ours: the headings in small letters unless a layout says more.
    """

    def __init__(
        self, path: Path, columns: Columns | None, *, encoding: str | None = None, layout: Layout | None = None
    ) -> None:
        """`encoding` of `encodings.CODECS`; None: it is looked for. Without `columns` whatever there is will do.

        Raises FileInvalid (no text, its encoding in doubt; empty; columns missing, twice or unknown) and OSError.
        """
        encodings.ensure_text(path)
        self.size = path.stat().st_size
        self.encoding = encoding or encodings.recognise(path)
        self._codec = encodings.CODECS[self.encoding]
        self._file: BinaryIO = path.open("rb")
        self.position = self._before = 0
        try:
            self.headings = self._read_header()
            if not any(self.headings):
                raise FileInvalid(reason="empty", columns=list(columns.required) if columns else [])
            if len(self.headings) > MOST_COLUMNS:
                raise FileInvalid(reason="too_wide", most=MOST_COLUMNS)
            self._fixed: Sequence[str] = ()
            self._words: Sequence[tuple[int, Mapping[str, str]]] = ()
            self.names = [marks.one_line(name).lower() for name in self.headings]
            self._unnamed = [place for place, name in enumerate(self.names) if not name]
            if layout is not None:
                self._lay_out(layout)
            if columns is not None:
                self._ensure_columns(columns)
        except FileInvalid:
            self._file.close()
            raise

    def _lay_out(self, layout: Layout) -> None:
        """Call the columns as the layout does, which must be made for as many."""
        if len(layout.names) != len(self.headings):
            raise FileInvalid(reason="layout")
        self._unnamed, self._fixed = [], list(layout.fixed.values())
        self.names = [*layout.names, *layout.fixed]
        self._words = [(self.names.index(name), words) for name, words in layout.words.items() if name in self.names]

    def _read_header(self) -> Sequence[str]:
        """The names of the columns; before them may stand empty lines, titles of few cells and Excel's line `sep=;`."""
        text = self._next_text()
        if text.lower().startswith("sep=") and len(text) <= 5:
            self._separator = text[4:] or "\t"
            self._before += 1
            return self._parted(self._read_text(), 1).cells
        found = [(text, self.position, self._before)]
        while len(found) <= _MOST_TITLES + _SEEN_BELOW and (text := self._below(text)):
            found.append((text, self.position, self._before))
        place = next((place for place in range(_MOST_TITLES + 1) if self._is_header(found[place:])), 0)
        text, self.position, self._before = found[place]
        self._file.seek(self.position)
        return self._headings_of(text)

    def _is_header(self, lines: Sequence[tuple[str, int, int]]) -> bool:
        """Whether the first of the lines is no title: it holds more than half as many cells as any row below it."""
        if not lines:
            return False
        width, *below = (sum(map(bool, cells)) for cells in self._as_first(*(text for text, _, _ in lines)))
        return width > 1 and width * 2 > max(below, default=0)

    def _as_first(self, first: str, *others: str) -> Iterator[Sequence[str]]:
        """Cells of lines, parted as the first one is."""
        yield self._headings_of(first)
        for text in others:
            yield self._parted(text, 1).cells

    def _below(self, text: str) -> str:
        """The next line with anything on it, below one with something."""
        self._before += bool(text)
        return self._next_text()

    def _headings_of(self, text: str) -> Sequence[str]:
        self._separator = max(encodings.SEPARATORS, key=text.count)
        return [artefacts.unguard(cell) for cell in self._parted(text, 1).cells]

    def _next_text(self) -> str:
        """The next line with anything on it; empty at the end."""
        while (text := self._read_text()) and not text.strip():
            self._before += 1
        return text.strip()

    def _read_text(self) -> str:
        line = self._file.readline(LONGEST_LINE)
        self.position += len(line)
        text = line.removeprefix(BYTE_ORDER_MARK).decode(self._codec, "replace").removeprefix("\ufeff")
        return text.replace("\0", "")  # headings are kept in tables, which hold none

    def _ensure_columns(self, columns: Columns) -> None:
        names = [name for name in self.names if name and not name.startswith(IGNORED_PREFIX)]
        known = {*columns.required, *columns.optional, *columns.instead.values()}
        twice = {other for name, other in columns.instead.items() if name in names}
        wrong = sorted({name for name in names if name not in known - twice or names.count(name) > 1})
        missing = [name for name in columns.required if not {name, columns.instead.get(name)} & set(names)]
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
        """The rows below the header; those without anything in them are skipped."""
        return map(self._completed, self._rows()) if self._fixed or self._words else self._rows()

    def _completed(self, row: Row) -> Row:
        """The row with what is said for every row; one of another width stays as it is, which is wrong anyway."""
        if len(row.cells) != len(self.headings):
            return row
        cells = [*row.cells, *self._fixed]
        for place, words in self._words:
            cells[place] = words.get(cells[place], cells[place])
        return Row(row.number, cells, row.error)

    def _rows(self) -> Iterator[Row]:
        width, number = len(self.headings), 1 + self._before
        while line := self._file.readline(LONGEST_LINE):
            number += 1
            self.position += len(line)
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                self._skip_line()
                yield Row(number, self._cells(line[:200]).cells[:1], RowInvalid(reason="too_long"))
                continue
            row = self._cells(line, number)
            if not any(row.cells) or row.cells == [_END_OF_FILE] or row.cells == self.headings:
                continue
            if row.error is not None or (len(row.cells) == width and not self._unnamed):
                yield row
            else:
                yield self._fitted(row)

    def _fitted(self, row: Row) -> Row:
        """The row as wide as the header: empty cells beyond it and missing ones of columns without a name are nothing.

        Wrong when there is something where the header is empty.
        """
        width = len(self.headings)
        cells, beyond = [*row.cells[:width]], row.cells[width:]
        if not any(self.names[len(cells) : width]):
            cells += [""] * (width - len(cells))
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
        return self._parted(text, number)

    def _parted(self, text: str, number: int) -> Row:
        if '"' not in text:
            return Row(number, self._split(text))
        try:
            lines = [text.strip("\r\n ")]
            cells = next(csv.reader(lines, strict=True, delimiter=self._separator, skipinitialspace=True))
            return Row(number, [cell.strip() for cell in cells])
        except csv.Error:
            return Row(number, self._split(text), RowInvalid(reason="quotes"))

    def _split(self, text: str) -> list[str]:
        return [cell.strip() for cell in text.split(self._separator)]
