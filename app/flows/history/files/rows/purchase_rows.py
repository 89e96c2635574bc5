"""Rows of the purchases table as receipts, whose lines stand together or at least near each other."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from app.flows.history import receipts
from app.flows.history.files import cells, gathering, parsing
from app.flows.history.files.errors import RowInvalid
from app.flows.history.files.parsing import Parsed
from app.flows.history.files.reading import Row, Table
from app.kernel.errors import DomainError
from app.purchases.rules import Line, Receipt

MOST_APART = timedelta(hours=1)  # the lines of a receipt, as tills stamp them one by one


class _Head(NamedTuple):
    """What all rows of a receipt say alike."""

    source: str
    receipt_no: str
    store_code: str
    card_no: str | None
    occurred_at: datetime
    refund_of: str | None
    till: str | None


class _Part(NamedTuple):
    """What a row adds to its receipt. `category` None: it is the whole receipt."""

    amount_fen: int
    category: str | None
    line_no: int | None


def read_purchases(table: Table, *, now: datetime) -> Iterator[Parsed[receipts.Incoming]]:
    """Receipts: a row without a category is one, rows with categories and the same number not far apart are one.

    The amount of such a receipt is the sum of its lines, its moment the earliest; lines without a number count from
    one. When one of its rows is wrong the whole receipt is, so that it never counts with a part of its amount.
    """
    reader = _ReceiptRow(table, now=now)
    for group in gathering.gather(table):
        rows = group.rows
        if group.is_too_long:
            if rows:
                too_many = RowInvalid(reason="lines", column="receipt_no", most=gathering.MOST_LINES)
                yield Parsed(rows, None, [too_many] * len(rows))
        elif len(group.blocks) > 1:
            yield from _scattered(group.blocks, reader)
        else:
            yield _receipt(rows, reader)


def _scattered(blocks: Sequence[Sequence[Row]], reader: "_ReceiptRow") -> Iterator[Parsed[receipts.Incoming]]:
    """A receipt whose rows do not stand together: its lines, or the whole of it more than once.

    Where a line could be either nobody can tell what was bought, and the receipt is rejected.
    """
    said = [[tuple(row.cells) for row in block] for block in blocks]
    is_plain = len(said[0]) > 1 or reader.is_numbered(blocks[0][0])
    if is_plain and all(block == said[0] for block in said):
        yield from (_receipt(block, reader) for block in blocks)
        return
    rows, errors = [row for block in blocks for row in block], dict[int, RowInvalid]()
    before = dict[tuple[str, ...], int]()
    for block in blocks:
        for row in block:
            if line := before.get(tuple(row.cells)):
                errors[row.number] = RowInvalid(reason="line_again", column="receipt_no", line=line)
        before |= {tuple(row.cells): row.number for row in block}
    yield Parsed(rows, None, _told_to_all(rows, errors)) if errors else _receipt(rows, reader)


def purchase_cells(*, now: datetime) -> dict[str, parsing.Read]:
    """How each cell of the purchases table is read."""
    return {
        "source": lambda text: cells.word(text, "source"),
        "receipt_no": lambda text: cells.word(text, "receipt_no"),
        "store_code": lambda text: cells.word(text, "store_code"),
        "card_no": cells.optional_card,
        "occurred_at": lambda text: cells.moment(text, "occurred_at", now=now),
        "refund_of": lambda text: cells.optional_word(text, "refund_of"),
        "till": lambda text: cells.optional_word(text, "till"),
        "amount_fen": lambda text: cells.fen(text, "amount_fen"),
        "amount_yuan": lambda text: cells.yuan(text, "amount_yuan"),
        "category_code": lambda text: cells.optional_plain(text, "category_code", zero=False),
        "line_no": lambda text: cells.line_number(text, "line_no") if text else None,
    }


class _ReceiptRow:
    """Reads the rows of one purchases table."""

    def __init__(self, table: Table, *, now: datetime) -> None:
        source, number, store, card, occurred, amount, refund = parsing.places(table, parsing.PURCHASES)
        till = table.index("till")
        self._head = (source, number, store, card, occurred, refund, *(() if till is None else (till,)))
        self._behind = ("",) if till is None else ()
        read = purchase_cells(now=now)
        self._read_head = [read[name] for name in _Head._fields]
        self._amount, self._read_amount = amount, read[table.names[amount]]
        self._read_category, self._read_line = read["category_code"], read["line_no"]
        self._category, self._line = table.index("category_code"), table.index("line_no")

    def words(self, row: Row) -> tuple[str, ...]:
        """The cells of the head as they stand; raises what is wrong with the row."""
        if row.error is not None:
            raise row.error
        return (*[row.cells[place] for place in self._head], *self._behind)

    def is_numbered(self, row: Row) -> bool:
        """Whether the row says which line of its receipt it is."""
        return self._line is not None and row.error is None and row.cells[self._line] != ""

    def head(self, words: Sequence[str]) -> _Head:
        """The head that those cells are."""
        return _Head(*[read(text) for read, text in zip(self._read_head, words, strict=True)])

    def part(self, row: Row) -> _Part:
        """What the row adds."""
        category = row.cells[self._category] if self._category is not None else ""
        line_no = row.cells[self._line] if self._line is not None else ""
        if line_no and not category:
            raise RowInvalid(reason="missing", column="category_code")
        return _Part(
            self._read_amount(row.cells[self._amount]),
            self._read_category(category) or None,
            self._read_line(line_no),
        )


_Said = tuple[_Head, _Part]
_Errors = dict[int, RowInvalid]  # by the number of the row


def _receipt(rows: Sequence[Row], reader: _ReceiptRow) -> Parsed[receipts.Incoming]:
    """The receipt that some rows are; a head written alike is read once."""
    heads: dict[tuple[str, ...], _Head] = {}
    said: list[_Said] = []
    errors: _Errors = {}
    for row in rows:
        try:
            words = reader.words(row)
            if words not in heads:
                heads[words] = reader.head(words)
            said.append((heads[words], reader.part(row)))
        except RowInvalid as error:
            errors[row.number] = error
    if len(rows) > 1 and not errors:
        errors = _contradictions(rows, said)
    if errors:
        return Parsed(rows, None, _told_to_all(rows, errors))
    head, parts = said[0][0], [part for _, part in said]
    if len(heads) > 1:
        head = head._replace(occurred_at=min(head.occurred_at for head in heads.values()))
    return Parsed(rows, _incoming(head, parts), remarks=_remarks(head, parts))


def _told_to_all(rows: Sequence[Row], errors: _Errors) -> list[DomainError]:
    """The error of each row; those that are right name the first one that is not."""
    line = min(errors)
    rest = RowInvalid(reason="receipt", column=errors[line].facts.get("column", ""), line=line)
    return [errors.get(row.number, rest) for row in rows]


def _contradictions(rows: Sequence[Row], said: Sequence[_Said]) -> _Errors:
    """What rows say otherwise than a row before them, one cause each."""
    first, earliest = said[0][0], min(said, key=lambda one: one[0].occurred_at)
    numbers: dict[int, int] = {}
    errors: _Errors = {}
    for position, (row, (head, part)) in enumerate(zip(rows, said, strict=True), start=1):
        line_no = part.line_no or position
        if head is not first and (column := _differing(head, first)):
            errors[row.number] = RowInvalid(reason="line_differs", column=column, line=rows[0].number)
        elif head.occurred_at - earliest[0].occurred_at > MOST_APART:
            line = rows[said.index(earliest)].number
            errors[row.number] = RowInvalid(reason="line_apart", column="occurred_at", line=line)
        elif part.category is None:
            errors[row.number] = RowInvalid(reason="line_category", column="category_code")
        elif line_no in numbers:
            errors[row.number] = RowInvalid(reason="line_twice", column="line_no", line=numbers[line_no])
        numbers.setdefault(line_no, row.number)
    return errors


def _differing(head: _Head, other: _Head) -> str | None:
    """The first column, but for the moment, in which two heads differ."""
    pairs = zip(_Head._fields, head, other, strict=True)
    return next((name for name, one, two in pairs if one != two and name != "occurred_at"), None)


def _remarks(head: _Head, parts: Sequence[_Part]) -> Sequence[tuple[str, int]]:
    """What the summary says of the rows of a receipt: refunds, free lines, lines below zero within a purchase."""
    amounts = [part.amount_fen for part in parts]
    if head.refund_of is None and min(amounts) > 0:
        return ()
    found = {
        "refunds": len(amounts) if head.refund_of is not None else 0,
        "free": amounts.count(0),
        "below_zero": sum(amount < 0 for amount in amounts) if head.refund_of is None else 0,
    }
    return [(name, count) for name, count in found.items() if count]


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
        till=head.till,
    )
    return receipts.Incoming(receipt, head.card_no)
