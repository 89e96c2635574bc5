"""The rows of a download: its columns, and the select that computes them as text for CSV and for XLSX."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Date, Numeric, Select, Text, case, cast, extract, func, literal, select

from app.kernel.clock import MALL_ZONE
from app.kernel.spelling.spreadsheets import FORMULA
from app.settlement.statements import wording
from app.settlement.statements.explained import COUPON_KINDS, POINTS_KINDS, select_explained


class Look(Enum):
    """How a column's values are shown; the value is the spreadsheet's number format."""

    TEXT = "@"
    DAY = "yyyy-mm-dd"
    MOMENT = "yyyy-mm-dd hh:mm:ss"
    YUAN = "#,##0.00"
    COUNT = "#,##0"
    PERCENT = "0.00%"

    @property
    def is_number(self) -> bool:
        """Whether a spreadsheet keeps it as a number; days and moments are numbers there."""
        return self is not Look.TEXT


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the select, its header, how it looks and how wide it is."""

    name: str
    header: str
    look: Look
    width: int


COLUMNS = (
    Column("statement_no", "结算单号", Look.TEXT, 24),
    Column("merchant_name", "商户", Look.TEXT, 18),
    Column("business_day", "业务日期", Look.DAY, 12),
    Column("accounting_day", "入账日期", Look.DAY, 12),
    Column("occurred_at", "发生时间", Look.MOMENT, 20),
    Column("store_code", "门店编号", Look.TEXT, 12),
    Column("store_name", "门店", Look.TEXT, 18),
    Column("label", "项目", Look.TEXT, 32),
    Column("what", "说明", Look.TEXT, 30),
    Column("reference", "券码/小票号/凭据", Look.TEXT, 24),
    Column("base", "计算基数(元)", Look.YUAN, 14),
    Column("points", "积分", Look.COUNT, 10),
    Column("percent", "比例", Look.PERCENT, 9),
    Column("price", "积分单价(元/百积分)", Look.YUAN, 20),
    Column("amount", "结算金额(元)", Look.YUAN, 14),
    Column("reversed_day", "冲正原入账日", Look.DAY, 14),
)

# Spreadsheets count days from here; a moment is a day with a fraction.
_FIRST_SERIAL = date(1899, 12, 30)

_Present = Callable[[ColumnElement[Any]], ColumnElement[Any]]


def select_for_csv(wanted: ColumnElement[bool]) -> Select[Any]:
    """The rows of the wanted statements in COLUMNS' order, as text that no spreadsheet takes for a formula."""
    return _select(wanted, _CSV)


def select_for_sheet(wanted: ColumnElement[bool]) -> Select[Any]:
    """The rows of the wanted statements in COLUMNS' order; days and moments as a spreadsheet's serial numbers."""
    return _select(wanted, _SHEET)


def _select(wanted: ColumnElement[bool], present: Mapping[Look, _Present]) -> Select[Any]:
    row = select_explained(wanted).subquery("row").c
    values = _values(row)
    return select(*(present[column.look](values[column.name]).label(column.name) for column in COLUMNS)).order_by(
        row.statement_no, row.accounting_day, row.posting_id
    )


def _values(row: Any) -> dict[str, ColumnElement[Any]]:
    """What the columns show, by name; a column that says nothing of a kind of posting is null there."""
    is_points = row.kind.in_(POINTS_KINDS)
    return {
        **row,
        "what": _what(row),
        "label": case({kind.value: label for kind, label in wording.KIND_LABELS.items()}, value=row.kind),
        "base": case((~is_points, _hundredths(row.base_fen))),
        "points": case((is_points, row.points)),
        "percent": case((~is_points, _hundredths(row.rate))),
        "price": case((is_points, _hundredths(row.rate))),
        "amount": _hundredths(row.amount_fen),
    }


def _what(row: Any) -> ColumnElement[Any]:
    """What `wording.what_happened` says, for rows that stream from the database without passing through Python."""
    said = {
        kind.value: case((row.takes_back, taken_back), else_=posted)
        for kind, (posted, taken_back) in wording.WHAT.items()
    }
    what = case(said, value=row.kind)
    opening, closing = wording.TITLE
    title = func.coalesce(row.campaign_title, wording.UNKNOWN_COUPON)
    return case((row.kind.in_(COUPON_KINDS), func.concat(what, opening, title, closing)), else_=what)


def _hundredths(number: ColumnElement[int]) -> ColumnElement[Decimal]:
    return cast(number * literal(Decimal("0.01")), Numeric(20, 2))


def _defused(text: ColumnElement[str]) -> ColumnElement[str]:
    return case((text.regexp_match(FORMULA), "'" + text), else_=text)


def _on_the_wall(moment: ColumnElement[datetime]) -> ColumnElement[datetime]:
    return func.timezone(MALL_ZONE.key, moment)


def _as_is(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return value


_CSV: Mapping[Look, _Present] = MappingProxyType(
    {
        Look.TEXT: _defused,
        Look.DAY: lambda day: func.to_char(day, "YYYY-MM-DD"),
        Look.MOMENT: lambda moment: func.to_char(_on_the_wall(moment), "YYYY-MM-DD HH24:MI:SS"),
        Look.YUAN: _as_is,
        Look.COUNT: _as_is,
        Look.PERCENT: lambda percent: cast(percent, Text) + "%",
    }
)
_SHEET: Mapping[Look, _Present] = MappingProxyType(
    {
        Look.TEXT: _as_is,
        Look.DAY: lambda day: day - literal(_FIRST_SERIAL, Date),
        Look.MOMENT: lambda moment: extract("epoch", _on_the_wall(moment) - literal(_FIRST_SERIAL, Date)) / 86_400,
        Look.YUAN: _as_is,
        Look.COUNT: _as_is,
        Look.PERCENT: lambda percent: percent * literal(Decimal("0.01")),
    }
)
