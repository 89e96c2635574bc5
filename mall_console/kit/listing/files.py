"""A list as a file: the rows that it is narrowed to, in its order, with the columns that were chosen."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, TypeVar

import xlsxwriter
from flask import Response

from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import NotFound
from app.kernel.lists.keyset import Asked
from app.kernel.spelling.spreadsheets import Sheet
from app.web.pages import pages
from mall_console.kit.listing.cells import Value
from mall_console.kit.listing.errors import ListTooLong
from mall_console.kit.listing.listing import About, Column, Listing, Wanted
from mall_console.kit.listing.narrowing import Conditions
from mall_console.kit.listing.state import State
from mall_console.kit.workspace import Workspace

R = TypeVar("R")

TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
KINDS = {"xlsx": "Excel 表格", "csv": "CSV 文本"}
MOST_ROWS = 5_000  # that an answer waits for
_BATCH = 500
_FORMATS = {datetime: "yyyy-mm-dd hh:mm:ss", date: "yyyy-mm-dd", Decimal: "#,##0.00", int: "#,##0"}
_WIDTHS = {datetime: 20, date: 12, Decimal: 14, int: 12}


def download(
    listing: Listing[R], workspace: Workspace, state: State, kind: str, *, about: About | None = None
) -> Response:
    """The rows as a file, written into the audit log; raises ListTooLong for more than an answer waits for."""
    if kind not in TYPES:
        raise NotFound(export=kind)
    listing.ensure_readable(state.typed)
    where = listing.where(workspace, state.typed, about)
    counted = listing.count(where)
    if not counted.is_all or counted.count > MOST_ROWS:
        raise ListTooLong(most=MOST_ROWS)
    columns = columns_of(listing, workspace, state)
    rows = list_values(listing, workspace, state, where, about)
    with atomic():
        facts = {
            "list": listing.title,
            **({"of": about.name} if about else {}),
            "rows": counted.count,
            "file": kind,
            "narrowed": narrowed(listing, workspace, state),
        }
        workspace.record("list.export", f"list:{listing.name}", now=clock.now(), facts=facts)
    return pages.download(
        lambda out: write(kind, columns, rows, out),
        name=file_name(listing.title, workspace, kind, about.name if about else None, at=clock.now()),
        mimetype=TYPES[kind],
    )


def columns_of(listing: Listing[R], workspace: Workspace, state: State) -> list[Column[R]]:
    """The columns of a file: those that are shown, but for buttons."""
    return [one for one in listing.shown(workspace, state.columns) if not one.is_act]


def file_name(title: str, workspace: Workspace, kind: str, about_name: str | None, *, at: datetime) -> str:
    """Mall, list, what it is about, and the moment."""
    parts = [workspace.mall.name, title, *([about_name] if about_name else [])]
    return f"{'-'.join(parts)}-{clock.local(at):%Y%m%d-%H%M}.{kind}"


def list_values(
    listing: Listing[R], workspace: Workspace, state: State, where: Conditions, about: About | None
) -> Iterator[list[Value]]:
    """The values of every wanted row, read batch by batch."""
    sort = listing.sort(state.typed, listing.count(where) if listing.is_short_sort(state.typed) else None)
    columns = columns_of(listing, workspace, state)
    cursor: str | None = None
    while True:
        page = listing.read(workspace, Wanted(where, sort.order, Asked(_BATCH, cursor), about, state.typed))
        for row in page:
            yield [column.cell(workspace, row).plain() for column in columns]
        if page.next is None:
            return
        cursor = page.next


def write(kind: str, columns: Sequence[Column[Any]], rows: Iterable[Sequence[Value]], out: IO[bytes]) -> None:
    """Write the rows below their heads."""
    heads = [column.head for column in columns]
    {"csv": _write_csv, "xlsx": _write_xlsx}[kind](heads, rows, out)


def _write_csv(heads: Sequence[str], rows: Iterable[Sequence[Value]], out: IO[bytes]) -> None:
    with Sheet(out) as sheet:
        sheet.write(heads)
        for row in rows:
            sheet.write(row)


def _write_xlsx(heads: Sequence[str], rows: Iterable[Sequence[Value]], out: IO[bytes]) -> None:
    """One sheet with real dates and numbers; text is never a formula."""
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet("明细")
    formats = {kind: book.add_format({"num_format": pattern}) for kind, pattern in _FORMATS.items()}
    bold = book.add_format({"bold": True, "bg_color": "#E6ECF2", "bottom": 1})
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, bold)
    sheet.freeze_panes(1, 0)
    number = 0
    for number, row in enumerate(rows, start=1):
        if number == 1:
            _set_widths(sheet, row)
        for place, value in enumerate(row):
            _write_cell(sheet, number, place, value, formats)
    sheet.autofilter(0, 0, max(number, 1), len(heads) - 1)
    book.close()


def _set_widths(sheet: Any, row: Sequence[Value]) -> None:
    for place, value in enumerate(row):
        sheet.set_column(place, place, _WIDTHS.get(type(value), 20))


def _write_cell(sheet: Any, number: int, place: int, value: Value, formats: dict[type, Any]) -> None:
    if isinstance(value, str):
        sheet.write_string(number, place, value)
    elif isinstance(value, date):
        sheet.write_datetime(number, place, value, formats[type(value)])
    elif value is not None:
        sheet.write_number(number, place, value, formats[type(value)])


def narrowed(listing: Listing[Any], workspace: Workspace, state: State) -> str:
    """By what, in the words of the chips; what somebody searched for is not repeated."""
    chips = [chip.text for one in listing.filters if one.kind != "search" for chip in one.chips(workspace, state.typed)]
    return "、".join(chips)
