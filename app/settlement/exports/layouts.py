"""The workbook of statements before its rows: the summary sheet, and the frames of the detail sheets."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from app.kernel import clock
from app.kernel.wording import month_text
from app.settlement.exports.details import COLUMNS, Look
from app.settlement.ledger.models import PostingKind
from app.settlement.statements import wording
from app.settlement.statements.models import StatementLine
from app.settlement.statements.queries import NamedStatement

_HEADERS = ("结算单号", "商户编号", "商户", "状态", "项目", "笔数", "计算基数(元)", "积分", "结算金额(元)")
_WIDTHS = (28, 14, 22, 14, 20, 10, 16, 12, 16)
_COUNT, _BASE, _POINTS, _AMOUNT = 5, 6, 7, 8
_DETAIL_AMOUNT = xl_col_to_name(next(index for index, column in enumerate(COLUMNS) if column.name == "amount"))


def write(
    to: BytesIO,
    statements: Sequence[NamedStatement],
    lines: Mapping[int, Sequence[StatementLine]],
    rows_by_sheet: Sequence[int],
) -> list[str]:
    """Write the workbook without its rows; returns the names of the detail sheets' parts, in order."""
    numbers = range(1, len(rows_by_sheet) + 1)
    names = [f"明细{number}" for number in numbers] if len(rows_by_sheet) > 1 else ["明细"]
    book = xlsxwriter.Workbook(to, {"in_memory": True})
    formats = _Formats(book)
    summary = _Summary(book.add_worksheet("汇总"), formats)
    summary.write(statements, lines, dict(zip(names, rows_by_sheet, strict=True)))
    for name, count in zip(names, rows_by_sheet, strict=True):
        _detail(book.add_worksheet(name), count, formats)
    if len(names) == 1:
        _detail_total(book.get_worksheet_by_name(names[0]), rows_by_sheet[0], _amount_fen(statements), formats)
    book.close()
    return [f"xl/worksheets/sheet{number + 1}.xml" for number in numbers]


def _months(statements: Sequence[NamedStatement]) -> str:
    """The month, or the first and the last of several."""
    periods = [named.statement.period for named in statements]
    first, last = month_text(min(periods)), month_text(max(periods))
    return first if first == last else f"{first} 至 {last}"


class _Formats:
    """The few styles of the workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.plain = {look: book.add_format({"num_format": look.value}) for look in Look}
        self.total = {look: book.add_format({"num_format": look.value, "bold": True, "top": 1}) for look in Look}
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.label = book.add_format({"font_color": "#5B6770"})
        self.header = book.add_format(
            {"bold": True, "bg_color": "#E6ECF2", "bottom": 1, "valign": "vcenter", "text_wrap": True}
        )


class _Summary:
    """Writes the first sheet from top to bottom."""

    def __init__(self, sheet: Any, formats: _Formats) -> None:
        self._sheet = sheet
        self._formats = formats
        self._row = 0

    def write(
        self,
        statements: Sequence[NamedStatement],
        lines: Mapping[int, Sequence[StatementLine]],
        details: Mapping[str, int],
    ) -> None:
        self._head(statements)
        self._table_header()
        first = self._row
        for named in statements:
            self._statement(named, lines[named.statement.id])
        posting_count = sum(named.statement.posting_count for named in statements)
        self._totals(first, posting_count, _amount_fen(statements), details)

    def _head(self, statements: Sequence[NamedStatement]) -> None:
        first = statements[0]
        self._sheet.write_string(0, 0, "商户结算单" if len(statements) == 1 else "商户结算汇总", self._formats.title)
        facts: list[tuple[str, str | date]] = [
            ("商场", first.mall_name),
            ("账期", _months(statements)),
            ("起始日", min(named.statement.from_day for named in statements)),
            ("截止日", max(named.statement.to_day for named in statements)),
            ("出单日", clock.business_date(first.statement.issued_at)),
        ]
        for self._row, (label, value) in enumerate(facts, start=1):
            self._sheet.write_string(self._row, 0, label, self._formats.label)
            self._fact(value)
        self._sheet.write_string(self._row + 1, 0, wording.SIGN_NOTE, self._formats.label)
        self._row += 3

    def _fact(self, value: str | date) -> None:
        if isinstance(value, date):
            self._sheet.write_datetime(self._row, 1, value, self._formats.plain[Look.DAY])
        else:
            self._sheet.write_string(self._row, 1, value)

    def _table_header(self) -> None:
        for column, (header, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True)):
            self._sheet.set_column(column, column, width)
            self._sheet.write_string(self._row, column, header, self._formats.header)
        self._row += 1
        self._sheet.freeze_panes(self._row, 0)
        _page(self._sheet, header_row=self._row - 1)

    def _statement(self, named: NamedStatement, lines: Sequence[StatementLine]) -> None:
        if not lines:
            self._line(named, wording.NOTHING_POSTED, 0, 0, 0, 0)
        for line in lines:
            label = wording.KIND_LABELS[PostingKind(line.kind)]
            self._line(named, label, line.posting_count, line.base_fen, line.points, line.amount_fen)

    def _line(
        self, named: NamedStatement, label: str, posting_count: int, base_fen: int, points: int, amount_fen: int
    ) -> None:
        status = wording.status_of(named.statement)
        words = (named.statement.statement_no, named.merchant_code, named.merchant_name, status, label)
        for column, word in enumerate(words):
            self._sheet.write_string(self._row, column, word, self._formats.plain[Look.TEXT])
        self._sheet.write_number(self._row, _COUNT, posting_count, self._formats.plain[Look.COUNT])
        self._sheet.write_number(self._row, _BASE, base_fen / 100, self._formats.plain[Look.YUAN])
        self._sheet.write_number(self._row, _POINTS, points, self._formats.plain[Look.COUNT])
        self._sheet.write_number(self._row, _AMOUNT, amount_fen / 100, self._formats.plain[Look.YUAN])
        self._row += 1

    def _totals(self, first: int, posting_count: int, amount_fen: int, details: Mapping[str, int]) -> None:
        """The lines' total, the details' total, and that they do not differ: three rows of formulas."""
        ranges = [f"'{name}'!{_DETAIL_AMOUNT}2:{_DETAIL_AMOUNT}{max(count, 1) + 1}" for name, count in details.items()]
        last = self._row
        counts, amounts = xl_col_to_name(_COUNT), xl_col_to_name(_AMOUNT)
        self._total(
            "合计",
            f"=SUM({counts}{first + 1}:{counts}{last})",
            posting_count,
            f"=SUM({amounts}{first + 1}:{amounts}{last})",
            amount_fen,
        )
        self._total("明细合计", f"=COUNT({','.join(ranges)})", posting_count, f"=SUM({','.join(ranges)})", amount_fen)
        self._total(
            "差额（应为零）",
            f"={counts}{last + 1}-{counts}{last + 2}",
            0,
            f"=ROUND({amounts}{last + 1}-{amounts}{last + 2},2)",
            0,
        )

    def _total(self, label: str, count_formula: str, count: int, amount_formula: str, amount_fen: int) -> None:
        for column in range(len(_HEADERS)):
            self._sheet.write_blank(self._row, column, None, self._formats.total[Look.TEXT])
        self._sheet.write_string(self._row, 0, label, self._formats.total[Look.TEXT])
        self._sheet.write_formula(self._row, _COUNT, count_formula, self._formats.total[Look.COUNT], count)
        self._sheet.write_formula(self._row, _AMOUNT, amount_formula, self._formats.total[Look.YUAN], amount_fen / 100)
        self._row += 1


def _detail(sheet: Any, count: int, formats: _Formats) -> None:
    """A detail sheet with its header and the pattern row that `sheets.fill` replaces."""
    for number, column in enumerate(COLUMNS):
        sheet.set_column(number, number, column.width)
        sheet.write_string(0, number, column.header, formats.header)
        sheet.write_blank(1, number, None, formats.plain[column.look])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(count, 1), len(COLUMNS) - 1)
    _page(sheet, header_row=0)


def _detail_total(sheet: Any, count: int, amount_fen: int, formats: _Formats) -> None:
    last = max(count, 1) + 1
    for number in range(len(COLUMNS)):
        sheet.write_blank(last, number, None, formats.total[Look.TEXT])
    sheet.write_string(last, 0, "合计", formats.total[Look.TEXT])
    formula = f"=SUM({_DETAIL_AMOUNT}2:{_DETAIL_AMOUNT}{last})"
    sheet.write_formula(f"{_DETAIL_AMOUNT}{last + 1}", formula, formats.total[Look.YUAN], amount_fen / 100)


def _page(sheet: Any, *, header_row: int) -> None:
    """On paper: landscape, as wide as one page, the header on each."""
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header_row)


def _amount_fen(statements: Sequence[NamedStatement]) -> int:
    return sum(named.statement.amount_fen for named in statements)
