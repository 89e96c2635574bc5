"""The process in which a workbook is opened: `workbook_process.py WORKBOOK TARGET MOST_ROWS SHEET`.

It says on its output what it read, or why it could not, as JSON; killed by its limits it says nothing. It stands alone
and imports nothing of the product, so that it starts at once.
"""

import csv
import datetime
import json
import resource
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

MOST_MEMORY = 1024 * 1024 * 1024
MOST_SECONDS = 200
MOST_COLUMNS = 200
_EXACT = 10**15  # what a spreadsheet keeps of a number: fifteen digits


def main(path: str, target: str, most_rows: str, sheet: str) -> dict[str, Any]:
    """Write the sheet as lines; returns what was read or the facts of a refusal."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        workbook = CalamineWorkbook.from_path(path)
        sheets = {name: found for name in workbook.sheet_names if (found := _find(workbook, name)) is not None}
    except CalamineError:
        return {"reason": "broken"}
    except MemoryError:
        return {"reason": "too_large"}
    if sheet and sheet not in sheets:
        return {"reason": "sheet"}
    if not sheets:
        return {"reason": "empty", "columns": []}
    name = sheet or next(iter(sheets))
    chosen = sheets[name]
    if chosen.height - 1 > int(most_rows):
        return {"reason": "too_many_rows", "most": int(most_rows)}
    if chosen.width > MOST_COLUMNS:
        return {"reason": "too_large"}
    _write(chosen, Path(target))
    return {"sheet": name, "sheets": list(sheets)}


def _find(workbook: CalamineWorkbook, name: str) -> CalamineSheet | None:
    """A sheet that holds anything."""
    try:
        found = workbook.get_sheet_by_name(name)
    except CalamineError:
        return None  # a chart, not cells
    return found if found.height else None


def _write(sheet: CalamineSheet, target: Path) -> None:
    """One line a row, of the same number as in the sheet; titles above the header, of one cell, stay empty lines."""
    above = sheet.start[0] if sheet.start else 0
    in_header = False
    with target.open("w", encoding="utf-8", newline="") as file:
        file.write("\r\n" * above)
        writer = csv.writer(file)
        for row in sheet.iter_rows():
            texts = [text_of(value) for value in row]
            in_header = in_header or sum(map(bool, texts)) >= min(2, sheet.width)
            if in_header and any(texts):
                writer.writerow(texts)
            else:
                file.write("\r\n")


def text_of(value: Any) -> str:
    """A cell on one line, as somebody would type it; a number whose digits may be lost with its exponent."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(float(value))
    if isinstance(value, datetime.datetime):
        return value.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return " ".join(str(value).replace("\0", "\ufffd").split())


def _number(value: float) -> str:
    if abs(value) >= _EXACT:
        return f"{value:.14E}"
    return str(int(value)) if value.is_integer() else f"{value:.15g}"


def _run(arguments: Sequence[str]) -> None:
    sys.stdout.write(json.dumps(main(*arguments)))


if __name__ == "__main__":
    _run(sys.argv[1:])
