"""Workbooks to keep: rows that were not imported, to be put right and uploaded again, and files to try an import with.

Every cell is text: a spreadsheet then neither computes what a cell says nor rewrites a long number.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import chain
from typing import IO, Any

import xlsxwriter

from app.imports.models import Import, Kind
from app.kernel import clock
from app.malls import queries as malls
from app.malls.wording import CATEGORIES
from mall_console.imports import showing
from mall_console.imports.wording import COLUMNS, EXTRA_HEADINGS, NOTES_SHEET, REJECTS_SHEET

_WIDTHS = {"原因": 60, "问题列": 14}
_CARD, _PHONE = "HY{:06d}", "1990000{:04d}"
_NAMES = ("陈晓", "林嘉", "周宁", "黄颖", "吴桐", "徐言", "孙悦", "马超", "朱琳", "何畅")


def write_rejects(found: Import, out: IO[bytes]) -> None:
    """The rows with their reasons; on a second sheet those that came in without something."""
    headings, counts = [*found.headings, *EXTRA_HEADINGS], found.counts if found.begun_at else found.foreseen
    sheets = [(REJECTS_SHEET, _lines(found, rejected=True))]
    sheets += [(NOTES_SHEET, _lines(found, rejected=False))] if counts.get("noted") else []
    _write(out, headings, sheets)


def _lines(found: Import, *, rejected: bool) -> Iterator[list[str]]:
    """Read once for each sheet: all rows of a large file are more than this process should hold."""
    return (_line(row, len(found.headings)) for row in showing.told_rows(found, None) if row[4] is rejected)


def _line(row: showing.ToldRow, width: int) -> list[str]:
    number, cells, column, reason, _ = row
    return [*cells, *[""] * (width - len(cells)), str(number), column, reason]


def _write(out: IO[bytes], headings: Sequence[str], sheets: Sequence[tuple[str, Iterable[Sequence[Any]]]]) -> None:
    workbook = xlsxwriter.Workbook(out, {"constant_memory": True})
    bold, text = workbook.add_format({"bold": True, "num_format": "@"}), workbook.add_format({"num_format": "@"})
    for name, rows in sheets:
        sheet = workbook.add_worksheet(name)
        for place, heading in enumerate(headings):
            sheet.set_column(place, place, _WIDTHS.get(heading, 20), text)
        for line, cells in enumerate(chain([headings], rows)):
            for place, cell in enumerate(cells):
                sheet.write_string(line, place, cell, text if line else bold)
        sheet.freeze_panes(1, 0)
    workbook.close()


def write_sample(mall_id: int, kind: Kind, out: IO[bytes]) -> None:
    """A small file that can be imported as it is; its last two rows are wrong on purpose."""
    columns = COLUMNS[kind.value]
    _write(out, list(columns.values()), [(COLUMNS_SHEET, _SAMPLES[kind](mall_id))])


COLUMNS_SHEET = "Sheet1"


def _stores(mall_id: int) -> list[list[str]]:
    kinds = list(CATEGORIES.values())[:4]
    good = [[f"TRY-{n}", f"示例门店 {n} 号", f"示例商户 {n}", kind, f"{n}F"] for n, kind in enumerate(kinds, 1)]
    return [
        *good,
        ["TRY-1", "改了名字的门店", "示例商户 1", kinds[0], "1F"],
        ["", "没有编号的门店", "示例商户 2", kinds[1], "2F"],
    ]


def _members(mall_id: int) -> list[list[str]]:
    good = [[_CARD.format(n), _PHONE.format(n), name, f"2024-{n:02d}-15 10:30"] for n, name in enumerate(_NAMES, 1)]
    return [
        *good,
        [_CARD.format(11), "12345", "号码不对", "2024-05-01"],
        [_CARD.format(12), "NULL", "没有号码", "2024-05-01"],
    ]


def _purchases(mall_id: int) -> list[list[str]]:
    stores = [store.code for store in malls.list_stores(mall_id=mall_id)][:3] or ["TRY-1"]
    days = [clock.business_date(clock.now()) - timedelta(days=n) for n in range(1, 11)]
    good = [
        [
            "old-pos",
            f"TRY{n:05d}",
            stores[n % len(stores)],
            _CARD.format(n),
            f"{day} 12:30",
            f"{50 + 37 * n}.80",
            *[""] * 4,
        ]
        for n, day in enumerate(days, 1)
    ]
    refund = ["old-pos", "TRY00011", good[0][2], "", f"{days[0]} 18:00", "-20.00", "TRY00001", *[""] * 3]
    wrong = [
        ["old-pos", "TRY00012", "NOWHERE", "", f"{days[0]} 12:30", "88.00", *[""] * 4],
        ["old-pos", "TRY00013", stores[0], "", f"{days[0]} 12:30", "免单", *[""] * 4],
    ]
    return [*good, refund, *wrong]


def _footfall(mall_id: int) -> list[list[str]]:
    day = clock.business_date(clock.now()) - timedelta(days=1)
    good = [
        [door, day.isoformat(), f"{hour}:00", str(40 + 9 * hour)]
        for door in ("TRY-N", "TRY-S")
        for hour in range(10, 15)
    ]
    return [*good, ["TRY-N", day.isoformat(), "10:00", "1"], ["TRY-S", day.isoformat(), "25", "120"]]


def _totals(mall_id: int) -> list[list[str]]:
    stores = [store.code for store in malls.list_stores(mall_id=mall_id)][:3] or ["TRY-1"]
    days = [(clock.business_date(clock.now()) - timedelta(days=n)).isoformat() for n in range(1, 4)]
    good = [["old-pos", store, till, day, "128", "9630.50"] for store in stores for till in ("1", "2") for day in days]
    return [*good, ["old-pos", "NOWHERE", "", days[0], "8", "880.00"], ["old-pos", stores[0], "", days[0], "很多", "0"]]


_SAMPLES = {
    Kind.STORES: _stores,
    Kind.MEMBERS: _members,
    Kind.PURCHASES: _purchases,
    Kind.FOOTFALL: _footfall,
    Kind.TOTALS: _totals,
}
