"""The three tables, and rows of two of them as what they say: stores and members. Receipts are in `purchase_rows`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from app.flows.history import members, stores
from app.flows.history.files import cells
from app.flows.history.files.errors import RowInvalid
from app.flows.history.files.reading import Columns, Row, Table
from app.kernel.errors import DomainError

STORES = Columns(("store_code", "name", "merchant", "category", "floor"))
MEMBERS = Columns(("card_no", "phone", "name", "joined_at"))
PURCHASES = Columns(
    ("source", "receipt_no", "store_code", "card_no", "occurred_at", "amount_fen", "refund_of"),
    ("category_code", "line_no"),
    {"amount_fen": "amount_yuan"},
)

T = TypeVar("T")


@dataclass(slots=True)
class Parsed(Generic[T]):
    """What some rows say together (a receipt may have many), or what is wrong with each of them.

    `note`: what of the first row is not kept although the item is good. `remarks`: what the summary says of the rows,
    by how many they are.
    """

    rows: Sequence[Row]
    item: T | None
    errors: Sequence[DomainError] = ()
    note: DomainError | None = None
    remarks: Sequence[tuple[str, int]] = ()


def read_stores(table: Table, *, now: datetime) -> Iterator[Parsed[stores.Incoming]]:
    """One store a row."""
    code, name, merchant, category, floor = places(table, STORES)

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
    card_no, phone, name, joined_at = places(table, MEMBERS)

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


def places(table: Table, columns: Columns) -> list[int]:
    """Where the required columns stand, or what stands in their place."""
    names = [name if name in table.names else columns.instead[name] for name in columns.required]
    return [table.names.index(name) for name in names]


def _one_by_one(table: Table, parse: Callable[[Row], Parsed[T]]) -> Iterator[Parsed[T]]:
    for row in table.rows():
        try:
            if row.error is not None:
                raise row.error
            yield parse(row)
        except RowInvalid as error:
            yield Parsed([row], None, [error])
