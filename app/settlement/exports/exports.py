"""Downloads of statements: every row and what explains it, as XLSX and as CSV.

Both write to a file that the edge then sends, so that a slow reader holds neither a transaction nor memory. Both take
one statement or all of a month.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import IO

from sqlalchemy import ColumnElement, select

from app.kernel.db import db
from app.kernel.fastpath.copies import copy_out
from app.kernel.spelling.spreadsheets import MARK
from app.settlement.exports import layouts, sheets
from app.settlement.exports.details import COLUMNS, select_for_csv, select_for_sheet
from app.settlement.exports.sheets import LongSheet, Row
from app.settlement.statements.models import Statement, StatementLine
from app.settlement.statements.queries import NamedStatement

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv"

# A sheet holds 1,048,576 rows; a full one stays below the 2 GiB of a plain ZIP entry.
SHEET_ROWS = 1_000_000


def file_name(statements: Sequence[NamedStatement], suffix: str, *, is_chosen: bool = False) -> str:
    """What the download is called: the statement's number, or mall and month; how many, where some were chosen."""
    first = statements[0]
    if len(statements) == 1:
        return f"{first.statement.statement_no}.{suffix}"
    if len({named.statement.period for named in statements}) > 1:
        return f"{first.mall_name}-{len(statements)}张结算单.{suffix}"
    month = f"{first.mall_name}-{first.statement.period:%Y-%m}"
    return f"{month}-{len(statements)}张结算单.{suffix}" if is_chosen else f"{month}-结算明细.{suffix}"


def write_csv(statements: Sequence[NamedStatement], out: IO[bytes]) -> None:
    """Write every row of the statements: UTF-8 with a byte order mark, a header, dates as yyyy-mm-dd, yuan with two
    decimals. Text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out.write((MARK + ",".join(column.header for column in COLUMNS) + "\r\n").encode())
    with copy_out(select_for_csv(_are(statements)), "FORMAT csv") as rows:
        for block in rows:
            out.write(block)


def write_xlsx(statements: Sequence[NamedStatement], out: IO[bytes], *, sheet_rows: int = SHEET_ROWS) -> None:
    """Write a summary sheet and every row of the statements: real dates and numbers, totals as formulas over the rows.

    Text cells are never formulas. More than `sheet_rows` rows go on to further sheets.
    """
    counts = _rows_by_sheet(sum(named.statement.posting_count for named in statements), sheet_rows)
    layout = BytesIO()
    parts = layouts.write(layout, statements, _lines(statements), counts)
    with copy_out(select_for_sheet(_are(statements))) as copy:
        rows: Iterator[Row] = copy.rows()
        long_sheets = {
            part: LongSheet(islice(rows, count), [column.look.is_number for column in COLUMNS])
            for part, count in zip(parts, counts, strict=True)
        }
        sheets.fill(layout, long_sheets, out)
        if next(rows, None) is not None:
            raise AssertionError("there are more rows than the statements counted")


def _are(statements: Sequence[NamedStatement]) -> ColumnElement[bool]:
    return Statement.id.in_([named.statement.id for named in statements])


def _lines(statements: Sequence[NamedStatement]) -> dict[int, list[StatementLine]]:
    """The lines by statement."""
    lines: dict[int, list[StatementLine]] = {named.statement.id: [] for named in statements}
    for line in db.session.scalars(
        select(StatementLine)
        .where(StatementLine.statement_id.in_(lines))
        .order_by(StatementLine.statement_id, StatementLine.kind)
    ):
        lines[line.statement_id].append(line)
    return lines


def _rows_by_sheet(count: int, sheet_rows: int) -> list[int]:
    """How many rows each detail sheet takes; one empty sheet when there are none."""
    return [min(sheet_rows, count - start) for start in range(0, count, sheet_rows)] or [0]
