"""What a page shows of an import's rows: the first ones as they are read, those with a problem, and the sums."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.flows.history.files.cells import Name
from app.flows.history.files.errors import FileInvalid, RowInvalid
from app.flows.history.files.previews import Cell, Seen, preview
from app.flows.history.files.wording import before_words, explain
from app.imports import pieces
from app.imports.models import Import, Kind, Part, Status
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.spelling.names import mask_name
from app.kernel.spelling.phones import mask_phone
from app.purchases.totals.models import WHOLE_STORE
from app.web import filters
from app.workers.imports import files
from app.workers.imports.kinds import WAYS
from mall_console.imports.columns import AMOUNTS, Said, called
from mall_console.imports.wording import BLAMED, CAUSES, COLUMNS, FILE_PROBLEMS, REMARKS

PREVIEW_ROWS = 20
TOLD_ROWS = 20
_FIRST_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as it stands, as what it was read, and what is wrong with it."""

    text: str
    value: str
    problem: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the preview; `problem` is what no single cell is to blame for."""

    number: int
    cells: list[ShownCell]
    problem: str
    is_good: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows under our columns; `problem` when the table cannot be read at all."""

    labels: list[str]
    rows: list[ShownRow]
    problem: str = ""

    @property
    def wrong(self) -> int:
        return sum(not row.is_good for row in self.rows)


def preview_of(found: Import, said: Said) -> Preview:
    """The first rows as an import would read them; while columns are missing, the cells alone are judged."""
    way, layout, now = WAYS[Kind(found.kind)], said.as_layout_so_far(), clock.now()
    names = [name for name in COLUMNS[found.kind] if name in said.places or name in said.fixed]
    labels = [COLUMNS[found.kind][name] for name in names]
    try:
        with TemporaryDirectory(prefix="huitou-import-") as folder:
            path = Path(folder) / "file"
            pieces.write_to(path, found.id, text_part(found), most_bytes=_FIRST_BYTES)
            with files.open_table(path, way.columns, found.encoding, layout, len(found.headings)) as table:
                seen = preview(table, way.reader(now), way.cells(now=now), most=PREVIEW_ROWS)
    except FileInvalid as error:
        return Preview(labels, [], problem_of(error.facts))
    keys = [AMOUNTS[said.unit] if name == "amount" else name for name in names]
    words = called(found) | {name: COLUMNS[found.kind][name] for name in names} | _amounts(COLUMNS[found.kind])
    rows = [_row(one, keys, words) for one in seen]
    return Preview(labels, [_of_cells(row) for row in rows] if said.missing else rows)


def _of_cells(row: ShownRow) -> ShownRow:
    return ShownRow(row.number, row.cells, "", not any(cell.problem for cell in row.cells))


def _amounts(labels: Mapping[str, str]) -> dict[str, str]:
    """The amount's label under the name of either unit."""
    return {name: labels["amount"] for name in AMOUNTS.values() if "amount" in labels}


def text_part(found: Import) -> Part:
    """Where the import's text lies."""
    return Part.TEXT if found.sheets else Part.SOURCE


def _row(seen: Seen, keys: list[str], words: Mapping[str, str]) -> ShownRow:
    cells = [_cell(key, seen.cells.get(key, Cell("")), words) for key in keys]
    told = seen.error or seen.note
    own = any(cell.problem for cell in cells) and isinstance(told, RowInvalid) and "column" in told.facts
    problem = "" if told is None or (own and seen.error is not None) else _foretold(_reason(told, words))
    return ShownRow(seen.number, cells, problem, seen.error is None)


def _cell(key: str, cell: Cell, words: Mapping[str, str]) -> ShownCell:
    if cell.error is not None:
        return ShownCell(cell.text, "", _reason(cell.error, words))
    text, value = _told(key, cell.text), _value(key, cell.value)
    return ShownCell(text, "" if value == text else value, "")


def _told(key: str, text: str) -> str:
    """What stands in the file, without what is personal."""
    if key == "phone":
        return mask_phone(text)
    return mask_name(text) if key == "name" and len(text) > 1 else text


def _value(key: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        text = filters.local_time(value, "%Y-%m-%d %H:%M:%S")
        return text.removesuffix(" 00:00:00").removesuffix(":00")
    if isinstance(value, Name):
        return mask_name(value.text)
    if key in AMOUNTS.values():
        return filters.yuan(value)
    if key == "till" and value == WHOLE_STORE:
        return "全店合计"
    return mask_phone(value) if key == "phone" else str(value)


def _reason(error: DomainError, words: Mapping[str, str]) -> str:
    return explain(error.code, error.facts, words)


# Number, cells, the column to blame, why, and whether the row was rejected.
ToldRow = tuple[int, list[str], str, str, bool]


def told_rows(found: Import, most: int | None = TOLD_ROWS) -> Iterator[ToldRow]:
    """Rows with a problem, batch by batch as they were kept: there may be as many as the file has."""
    words = called(found)
    part = Part.REJECTED if found.begun_at else Part.CHECKED
    tell = str if found.begun_at else _foretold
    rows = islice(pieces.read_rows(found.id, part), most)
    for number, cells, code, facts, rejected in rows:
        column = facts.get("column") or BLAMED.get(code, "")
        yield number, cells, words.get(column, ""), tell(explain(code, facts, words)), rejected


def _foretold(reason: str) -> str:
    """The reason before anything is imported."""
    return reason.replace("已导入", "会导入", 1)


def problem_rows(found: Import) -> int:
    """How many rows have a problem, those among them that came in without something."""
    counts = found.counts if found.begun_at else found.foreseen
    return int(counts.get("rejected", 0)) + int(counts.get("noted", 0))


def causes_of(found: Import, counts: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Why rows were rejected, the most frequent first: the column and what is wrong with it."""
    words, told = called(found), Counter[str]()
    for cause, count in counts.get("causes", {}).items():
        code, _, column = cause.partition("/")
        told[before_words(words.get(column, column)) + CAUSES.get(code, code)] += count
    return told.most_common()


def remarks_of(counts: Mapping[str, Any]) -> list[tuple[str, int]]:
    """What is worth knowing of the new rows."""
    return [(REMARKS[name], count) for name, count in counts.get("remarks", {}).items()]


def problem_of(facts: Mapping[str, Any]) -> str:
    """Why the file cannot be read, and what to do about it."""
    return FILE_PROBLEMS.get(facts.get("reason", ""), FILE_PROBLEMS["other"]).format(**facts)


def share_of(found: Import) -> int:
    """How much of the rows is through, in per cent."""
    return min(100, found.rows_done * 100 // found.rows) if found.rows else 0


def is_live(found: Import) -> bool:
    """Whether a worker is at it, so that the page looks again."""
    return found.status in (Status.READING, Status.CHECKING, Status.RUNNING)


def digest(data: bytes) -> str:
    """Tells one upload from another."""
    return hashlib.sha256(data).hexdigest()
