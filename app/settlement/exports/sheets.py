"""Long sheets: a workbook laid out by xlsxwriter, into which rows are written as they stream from the database.

xlsxwriter writes everything that is short: parts, styles, widths, headers, formulas. Of a long sheet it writes the
header and one pattern row of empty cells, which carry the styles. The rows behind are XML made here, because a general
writer costs several times the query (`script/bench export`).
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import IO

_PATTERN_ROW = re.compile(rb'<row r="2".*?</row>', re.DOTALL)
_CELL = re.compile(rb'<c r="([A-Z]+)2" s="(\d+)"/>')
# What XML cannot hold is left out; what it would misread is escaped.
_UNSAFE = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BATCH = 500

Row = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class LongSheet:
    """The rows of one sheet, as text; `numeric` says which columns are numbers."""

    rows: Iterable[Row]
    numeric: Sequence[bool]


def fill(layout: BytesIO, sheets: dict[str, LongSheet], out: IO[bytes]) -> None:
    """Copy the workbook to `out`; of the parts named in `sheets` the pattern row gives way to the rows."""
    with zipfile.ZipFile(layout) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as target:
        for part in source.namelist():
            with target.open(part, "w") as to:
                content = source.read(part)
                for piece in _filled(content, sheets[part]) if part in sheets else (content,):
                    to.write(piece)


def _filled(content: bytes, sheet: LongSheet) -> Iterator[bytes]:
    pattern = _PATTERN_ROW.search(content)
    if pattern is None:
        raise ValueError("the layout has no pattern row")
    yield content[: pattern.start()]
    frames = [_Frame.of(*cell) for cell in zip(_CELL.findall(pattern[0]), sheet.numeric, strict=True)]
    numbered = enumerate(sheet.rows, start=2)
    while batch := list(islice(numbered, _BATCH)):
        yield "".join([_row_xml(number, row, frames) for number, row in batch]).encode()
    yield content[pattern.end() :]


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands around the row number and the value in a column's cells."""

    before_number: str
    before_value: str
    after_value: str

    @classmethod
    def of(cls, cell: tuple[bytes, bytes], is_number: bool) -> "_Frame":
        letters, style = (part.decode() for part in cell)
        opening, closing = ("<v>", "</v></c>") if is_number else ("<is><t>", "</t></is></c>")
        kind = "" if is_number else ' t="inlineStr"'
        return cls(f'<c r="{letters}', f'" s="{style}"{kind}>{opening}', closing)


def _row_xml(number: int, row: Row, frames: Sequence[_Frame]) -> str:
    cells = "".join(
        [
            f"{frame.before_number}{number}{frame.before_value}{_escaped(value)}{frame.after_value}"
            for value, frame in zip(row, frames, strict=True)
            if value is not None
        ]
    )
    return f'<row r="{number}">{cells}</row>'


def _escaped(text: str) -> str:
    return _UNSAFE.sub(_escape, text) if _UNSAFE.search(text) else text


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0], "")
