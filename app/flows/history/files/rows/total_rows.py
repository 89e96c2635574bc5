"""Rows of the table of day totals: a till, or a whole store, a business day, how many receipts and their sum."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from app.flows.history.files import cells, parsing
from app.flows.history.files.errors import RowInvalid
from app.flows.history.files.parsing import Parsed, Read
from app.flows.history.files.reading import Columns, Row, Table
from app.flows.history.totals import Incoming
from app.kernel import clock
from app.kernel.spelling import marks
from app.purchases import rules
from app.purchases.errors import ReceiptInvalid
from app.purchases.totals.models import WHOLE_STORE

TOTALS = Columns(
    ("source", "store_code", "day", "receipt_count", "amount_fen"), ("till",), {"amount_fen": "amount_yuan"}
)
MOST_RECEIPTS = 1_000_000
MOST_FEN = 10**12
_COUNT = re.compile(r"[0-9]{1,7}|[0-9]{1,3}(?:,[0-9]{3}){1,2}")


def total_cells(*, now: datetime) -> dict[str, Read]:
    """How each cell of the table is read."""
    return {
        "source": _source,
        "store_code": lambda text: cells.word(text, "store_code"),
        "till": lambda text: cells.optional_word(text, "till") or WHOLE_STORE,
        "day": lambda text: clock.business_date(cells.moment(text, "day", now=now)),
        "receipt_count": _count,
        "amount_fen": lambda text: cells.fen(text, "amount_fen", most=MOST_FEN),
        "amount_yuan": lambda text: cells.yuan(text, "amount_yuan", most=MOST_FEN),
    }


def _source(text: str) -> str:
    found = cells.word(text, "source")
    try:
        rules.ensure_theirs(found)
    except ReceiptInvalid as error:
        raise RowInvalid(column="source", **error.facts) from None
    return found


def read_totals(table: Table, *, now: datetime) -> Iterator[Parsed[Incoming]]:
    """One day of a till a row; a row that says of it otherwise than one before it is rejected."""
    read, said = _reader(table, now), dict[tuple[object, ...], tuple[tuple[int, int], int]]()
    for row in table.rows():
        try:
            if row.error is not None:
                raise row.error
            one = read(row)
            sums, line = said.setdefault(one.about, (one.sums, row.number))
            if sums != one.sums:
                raise RowInvalid(reason="total_twice", column="receipt_count", line=line)
            yield Parsed([row], one)
        except RowInvalid as error:
            yield Parsed([row], None, [error])


def _reader(table: Table, now: datetime) -> Callable[[Row], Incoming]:
    source, store, day, count, amount = parsing.places(table, TOTALS)
    till, read = table.index("till"), total_cells(now=now)
    read_amount = read[table.names[amount]]

    def parse(row: Row) -> Incoming:
        return Incoming(
            source=read["source"](row.cells[source]),
            store_code=read["store_code"](row.cells[store]),
            till=WHOLE_STORE if till is None else read["till"](row.cells[till]),
            day=read["day"](row.cells[day]),
            receipt_count=_count(row.cells[count]),
            amount_fen=read_amount(row.cells[amount]),
        )

    return parse


def _count(text: str) -> int:
    plain = marks.one_line(marks.folded(text))
    for unit in ("笔", "张", "单"):
        plain = plain.removesuffix(unit)
    found = _COUNT.fullmatch(plain)
    if found is None or int(plain.replace(",", "")) > MOST_RECEIPTS:
        reason = "missing" if not text.strip() else "count"
        raise RowInvalid(reason=reason, column="receipt_count", most=f"{MOST_RECEIPTS:,}")
    return int(plain.replace(",", ""))
