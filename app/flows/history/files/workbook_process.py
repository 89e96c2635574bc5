"""The process in which a workbook is opened: `workbook_process.py WORKBOOK TARGET MOST_ROWS SHEET`.

It says on its output what it read, or why it could not, as JSON; killed by its limits it says nothing. It stands alone
and imports nothing of the product, so that it starts at once.
"""

import csv
import datetime
import json
import re
import resource
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MOST_MEMORY = 1024 * 1024 * 1024
MOST_SECONDS = 200
MOST_COLUMNS = 200  # as `reading` has it
_EXACT = 10**15  # what a spreadsheet keeps of a number: fifteen digits
# Cells as workbooks write them: with a formula that nothing was saved with, or with an error in place of a value.
_FORMULA = rb"""<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"""
_CELL = rb"""<(?:\w+:)?c\b(?=[^>]*\br=["']([A-Z]{1,3})([0-9]{1,7})["'])"""
_NO_VALUE = rb"""(?:<(?:\w+:)?v\s*(?:/>|>\s*</(?:\w+:)?v>))?\s*</(?:\w+:)?c>"""
_NOT_COMPUTED = re.compile(_CELL + rb"""(?![^>]*\bt=["']str)[^>]*>\s*""" + _FORMULA + _NO_VALUE)
_ERROR = re.compile(
    _CELL + rb"""(?=[^>]*\bt=["']e["'])[^>]*>\s*(?:""" + _FORMULA + rb""")?<(?:\w+:)?v>([^<]{1,20})</"""
)
_IS_NUMBER = rb"""(?=[^>]*\bs=["']([0-9]+)["'])(?![^>]*\bt=["'][^n])[^>]*>\s*"""
_NUMBER = re.compile(_CELL + _IS_NUMBER + rb"(?:" + _FORMULA + rb")?<(?:\w+:)?v>([0-9]{1,15})</")
_STYLES = "xl/styles.xml"
_ZEROS = re.compile(r"(0{2,})(?:;.*)?")  # for what is not below zero
_PIECE, _LONGEST_CELL = 1024 * 1024, 64 * 1024
# How workbooks write characters that XML does not have, above all the carriage return.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def main(path: str, target: str, most_rows: str, sheet: str) -> dict[str, Any]:
    """Write the sheet as lines; returns what was read or the facts of a refusal."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        workbook = CalamineWorkbook.from_path(path)
        sheets = {name: found for name in _names(workbook) if (found := workbook.get_sheet_by_name(name)).height}
    except CalamineError:
        return {"reason": "broken"}
    except MemoryError:
        return {"reason": "too_large"}
    if sheet and sheet not in sheets:
        return {"reason": "sheet"}
    if not sheets:
        return {"reason": "empty", "columns": []}
    name = sheet or next(iter(sheets))
    return _read(path, name, sheets[name], Path(target), int(most_rows)) or {"sheet": name, "sheets": list(sheets)}


def _read(path: str, name: str, chosen: CalamineSheet, target: Path, most_rows: int) -> dict[str, Any] | None:
    """Write a sheet as lines; the facts of a refusal, or None."""
    if chosen.height - 1 > most_rows:
        return {"reason": "too_many_rows", "most": most_rows}
    if chosen.width > MOST_COLUMNS:
        return {"reason": "too_wide", "most": MOST_COLUMNS}
    odd = _look_through(path, name)
    header = _write(chosen, odd.shown, target)
    if merged := _merged_below(chosen, header):
        return {"reason": "merged", "row": merged}
    if odd.uncomputed:
        return {"reason": "formula", "cell": odd.uncomputed}
    return None


def _names(workbook: CalamineWorkbook) -> list[str]:
    """The sheets with cells, those that nobody sees last."""
    cells = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    return [sheet.name for sheet in sorted(cells, key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)]


def _merged_below(sheet: CalamineSheet, header: int) -> int | None:
    """The first row below the header that shares a cell with the next one: only one of them says what is in it."""
    ranges = sheet.merged_cell_ranges or []
    return min((first[0] + 1 for first, last in ranges if last[0] > max(first[0], header)), default=None)


@dataclass
class _Odd:
    """What a sheet holds that the library does not read, or not as people see it.

    `uncomputed` is a cell of a formula that nothing was saved with; `shown` are errors, and numbers with the zeros that
    their format puts before them, by row and column from zero.
    """

    uncomputed: str = ""
    shown: dict[tuple[int, int], str] = field(default_factory=dict)


def _look_through(path: str, name: str) -> _Odd:
    odd = _Odd()
    if not zipfile.is_zipfile(path):
        return odd  # the older kind says nothing of them
    with zipfile.ZipFile(path) as archive:
        try:
            part, padding = archive.open(_part_of(archive, name)), _padding(archive)
        except (KeyError, ValueError, StopIteration, ElementTree.ParseError):
            return odd  # of the binary kind, or written in a way of its own
        with part:
            kept = b""
            while piece := part.read(_PIECE):
                _note(odd, kept + piece, padding)
                kept = piece[-_LONGEST_CELL:]
    return odd


def _padding(archive: zipfile.ZipFile) -> dict[bytes, int]:
    """To how many digits the formats of cells fill numbers up with zeros (`00000000`), by the number of the style."""
    if _STYLES not in archive.namelist():
        return {}
    styles = ElementTree.fromstring(archive.read(_STYLES))  # noqa: S314
    formats = {one.get("numFmtId"): one.get("formatCode", "") for one in styles.iterfind(".//{*}numFmt")}
    used = enumerate(styles.iterfind(".//{*}cellXfs/{*}xf"))
    found = ((str(number).encode(), _ZEROS.fullmatch(formats.get(one.get("numFmtId"), ""))) for number, one in used)
    return {number: len(zeros[1]) for number, zeros in found if zeros}


def _note(odd: _Odd, piece: bytes, padding: Mapping[bytes, int]) -> None:
    if not odd.uncomputed and (found := _NOT_COMPUTED.search(piece)):
        odd.uncomputed = (found[1] + found[2]).decode()
    for column, row, error in _ERROR.findall(piece):
        odd.shown[_place(column, row)] = error.decode(errors="replace")
    for column, row, style, number in _NUMBER.findall(piece) if padding else ():
        if style in padding:
            odd.shown[_place(column, row)] = number.decode().zfill(padding[style])


def _place(column: bytes, row: bytes) -> tuple[int, int]:
    """Row and column from zero."""
    place = 0
    for letter in column:
        place = place * 26 + letter - ord("A") + 1
    return int(row) - 1, place - 1


def _part_of(archive: zipfile.ZipFile, name: str) -> str:
    """Where in the archive a sheet lies."""
    sheets = ElementTree.fromstring(archive.read("xl/workbook.xml")).iterfind(".//{*}sheet")  # noqa: S314
    wanted = next(one for one in sheets if one.get("name") == name)
    [number] = [value for key, value in wanted.attrib.items() if key.endswith("}id")]
    parts = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    target = next(str(one.get("Target")) for one in parts if one.get("Id") == number)
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _write(sheet: CalamineSheet, shown: Mapping[tuple[int, int], str], target: Path) -> int:
    """One line a row, of the same number as in the sheet; titles above the header, of one cell, stay empty lines.

    `shown` is what cells show in place of what the library reads. Returns which row the header is, from zero.
    """
    _, left = sheet.start or (0, 0)
    in_header, header = False, 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for number, row in enumerate(sheet.iter_rows()):  # also those above the first cell, but no columns before it
            texts = [text_of(value) for value in row]
            if shown:
                texts = [shown.get((number, place), text) for place, text in enumerate(texts, start=left)]
            in_header = in_header or sum(map(bool, texts)) >= min(2, sheet.width)
            header += not in_header
            if in_header and any(texts):
                writer.writerow(texts)
            else:
                file.write("\r\n")
    return header


def text_of(value: Any) -> str:
    """A cell on one line, as somebody would type it; a number whose digits may be lost with its exponent."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(float(value))
    if isinstance(value, datetime.datetime):
        return (value + datetime.timedelta(milliseconds=500)).replace(microsecond=0).isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return " ".join(_ESCAPED.sub(_character, str(value)).replace("\0", "\ufffd").split())


def _character(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16))


def _number(value: float) -> str:
    if abs(value) >= _EXACT:
        return f"{value:.14E}"
    return str(int(value)) if value.is_integer() else f"{value:.15g}"


def _run(arguments: Sequence[str]) -> None:
    sys.stdout.write(json.dumps(main(*arguments)))


if __name__ == "__main__":
    _run(sys.argv[1:])
