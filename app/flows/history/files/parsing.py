"""Rows of the three tables as what they say: stores, members, and receipts, whose lines stand together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from app.flows.history import members, receipts, stores
from app.flows.history.files import cells
from app.flows.history.files.errors import RowInvalid
from app.flows.history.files.reading import Columns, Row, Table
from app.kernel.errors import DomainError
from app.purchases.rules import Line, Receipt

STORES = Columns(("store_code", "name", "merchant", "category", "floor"))
MEMBERS = Columns(("card_no", "phone", "name", "joined_at"))
PURCHASES = Columns(
    ("source", "receipt_no", "store_code", "card_no", "occurred_at", "amount_fen", "refund_of"),
    ("category_code", "line_no"),
)
MOST_LINES = 1000

T = TypeVar("T")


@dataclass(slots=True)
class Parsed(Generic[T]):
    """What some rows say together (a receipt may have many), or what is wrong with each of them.

    `note`: what of the first row is not kept although the item is good.
    """

    rows: Sequence[Row]
    item: T | None
    errors: Sequence[DomainError] = ()
    note: DomainError | None = None


def read_stores(table: Table, *, now: datetime) -> Iterator[Parsed[stores.Incoming]]:
    """One store a row."""
    code, name, merchant, category, floor = _places(table, STORES)

    def parse(row: Sequence[str]) -> stores.Incoming:
        return stores.Incoming(
            store_code=cells.word(row[code], "store_code"),
            name=cells.plain(row[name], "name"),
            merchant=cells.plain(row[merchant], "merchant"),
            category=cells.plain(row[category], "category", zero=False),
            floor=cells.plain(row[floor], "floor", 16, zero=False),
        )

    return _one_by_one(table, lambda row: Parsed([row], parse(row.cells)))


def read_members(table: Table, *, now: datetime) -> Iterator[Parsed[members.Incoming]]:
    """One member a row; the name may be empty, and one that cannot be kept is left out with a note."""
    card_no, phone, name, joined_at = _places(table, MEMBERS)

    def parse(row: Row) -> Parsed[members.Incoming]:
        called = cells.name(row.cells[name])
        person = members.Incoming(
            card_no=cells.card(row.cells[card_no]),
            phone=cells.phone(row.cells[phone], "phone"),
            name=called.text,
            joined_at=cells.moment(row.cells[joined_at], "joined_at", now=now),
        )
        lost = RowInvalid(reason=f"name_{called.lost}", column="name") if called.lost else None
        return Parsed([row], person, note=lost)

    return _one_by_one(table, parse)


def _places(table: Table, columns: Columns) -> list[int]:
    return [table.names.index(name) for name in columns.required]


def _one_by_one(table: Table, parse: Callable[[Row], Parsed[T]]) -> Iterator[Parsed[T]]:
    for row in table.rows():
        try:
            if row.error is not None:
                raise row.error
            yield parse(row)
        except RowInvalid as error:
            yield Parsed([row], None, [error])


class _Head(NamedTuple):
    """What all rows of a receipt say alike."""

    source: str
    receipt_no: str
    store_code: str
    card_no: str | None
    occurred_at: datetime
    refund_of: str | None


class _Part(NamedTuple):
    """What a row adds to its receipt. `category` None: it is the whole receipt."""

    amount_fen: int
    category: str | None
    line_no: int | None


def read_purchases(table: Table, *, now: datetime) -> Iterator[Parsed[receipts.Incoming]]:
    """Receipts: a row without a category is one, rows with categories and the same number next to each other are one.

    The amount of such a receipt is the sum of its lines; lines without a number count from one. When one of its rows is
    wrong the whole receipt is, so that it never counts with a part of its amount.
    """
    reader = _ReceiptRow(table, now=now)
    for rows, is_too_long in _gather(table):
        if is_too_long:
            yield Parsed(rows, None, [RowInvalid(reason="lines_differ", column="receipt_no")] * len(rows))
        else:
            yield _receipt(rows, reader)


@dataclass(slots=True)
class _Group:
    """Rows next to each other that are one receipt. `key` None: not even the number can be read."""

    key: tuple[str, str] | None
    has_lines: bool = False
    is_too_long: bool = False
    rows: list[Row] = field(default_factory=list)

    def takes(self, key: tuple[str, str] | None, *, is_line: bool) -> bool:
        """Whether a row belongs here; one that cannot be read may be a line of the receipt before it."""
        if key is None:
            return self.has_lines
        return key == self.key and (is_line or self.has_lines)


def _gather(table: Table) -> Iterator[tuple[list[Row], bool]]:
    """The rows of each receipt; one of too many lines comes in pieces, all marked."""
    places = table.names.index("source"), table.names.index("receipt_no")
    category = table.index("category_code")
    group = _Group(None)
    for row in table.rows():
        is_whole = len(row.cells) == len(table.names)
        key = (row.cells[places[0]], row.cells[places[1]]) if is_whole else None
        is_line = is_whole and category is not None and row.cells[category] != ""
        if not group.takes(key, is_line=is_line):
            if group.rows:
                yield group.rows, group.is_too_long
            group = _Group(key)
        group.rows.append(row)
        group.has_lines = group.has_lines or is_line
        if len(group.rows) > MOST_LINES:
            group.is_too_long = True
            yield group.rows, True
            group.rows = []
    if group.rows:
        yield group.rows, group.is_too_long


class _ReceiptRow:
    """Reads the rows of one purchases table."""

    def __init__(self, table: Table, *, now: datetime) -> None:
        source, number, store, card, occurred, amount, refund = _places(table, PURCHASES)
        self._head = (source, number, store, card, occurred, refund)
        self._amount, self._now = amount, now
        self._category, self._line = table.index("category_code"), table.index("line_no")

    def words(self, row: Row) -> tuple[str, ...]:
        """The cells of the head as they stand; raises what is wrong with the row."""
        if row.error is not None:
            raise row.error
        return tuple([row.cells[place] for place in self._head])

    def head(self, words: Sequence[str]) -> _Head:
        """The head that those cells are."""
        source, number, store, card, occurred, refund = words
        return _Head(
            cells.word(source, "source"),
            cells.word(number, "receipt_no"),
            cells.word(store, "store_code"),
            cells.optional_card(card),
            cells.moment(occurred, "occurred_at", now=self._now),
            cells.optional_word(refund, "refund_of"),
        )

    def part(self, row: Row) -> _Part:
        """What the row adds."""
        category = row.cells[self._category] if self._category is not None else ""
        line_no = row.cells[self._line] if self._line is not None else ""
        if line_no and not category:
            raise RowInvalid(reason="missing", column="category_code")
        return _Part(
            cells.fen(row.cells[self._amount], "amount_fen"),
            cells.optional_plain(category, "category_code", zero=False) or None,
            cells.line_number(line_no, "line_no") if line_no else None,
        )


def _receipt(rows: Sequence[Row], reader: _ReceiptRow) -> Parsed[receipts.Incoming]:
    """The receipt that some rows are; a head written alike is read once."""
    heads: dict[tuple[str, ...], _Head] = {}
    parts: list[_Part] = []
    errors: list[DomainError | None] = []
    for row in rows:
        try:
            words = reader.words(row)
            if words not in heads:
                heads[words] = reader.head(words)
            parts.append(reader.part(row))
            errors.append(None)
        except RowInvalid as error:
            errors.append(error)
    if len(parts) < len(rows):
        rest = RowInvalid(reason="receipt", column="")
        return Parsed(rows, None, [error or rest for error in errors])
    head, *others = heads.values()
    is_mixed = len(parts) > 1 and any(part.category is None for part in parts)
    if is_mixed or any(other != head for other in others):
        return Parsed(rows, None, [RowInvalid(reason="lines_differ", column="receipt_no")] * len(rows))
    return Parsed(rows, _incoming(head, parts))


def _incoming(head: _Head, parts: Sequence[_Part]) -> receipts.Incoming:
    lines = tuple(
        [
            Line(line_no=part.line_no or position, category_code=part.category, amount_fen=part.amount_fen)
            for position, part in enumerate(parts, start=1)
            if part.category is not None
        ]
    )
    receipt = Receipt(
        source=head.source,
        receipt_no=head.receipt_no,
        store_code=head.store_code,
        occurred_at=head.occurred_at,
        amount_fen=sum([part.amount_fen for part in parts]),
        refund_of=head.refund_of,
        lines=lines,
    )
    return receipts.Incoming(receipt, head.card_no)
