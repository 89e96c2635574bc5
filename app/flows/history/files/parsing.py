"""The three tables, and rows of two of them as what they say: stores and members. Others are in `rows`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from app.flows.history import members, stores
from app.flows.history.files import cells
from app.flows.history.files.errors import RowInvalid
from app.flows.history.files.reading import Columns, Row, Table
from app.kernel.errors import DomainError

STORES = Columns(("store_code", "name", "merchant", "category", "floor"))
MEMBERS = Columns(("card_no", "phone", "name", "joined_at"))
PURCHASES = Columns(
    ("source", "receipt_no", "store_code", "card_no", "occurred_at", "amount_fen", "refund_of"),
    ("category_code", "line_no", "till"),
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


Read = Callable[[str], Any]


def store_cells(*, now: datetime) -> dict[str, Read]:
    """How each cell of the stores table is read."""
    return {
        "store_code": lambda text: cells.word(text, "store_code"),
        "name": lambda text: cells.plain(text, "name"),
        "merchant": lambda text: cells.plain(text, "merchant"),
        "category": lambda text: cells.plain(text, "category", zero=False),
        "floor": lambda text: cells.plain(text, "floor", 16, zero=False),
    }


def member_cells(*, now: datetime) -> dict[str, Read]:
    """How each cell of the members table is read."""
    return {
        "card_no": cells.card,
        "phone": lambda text: cells.phone(text, "phone"),
        "name": cells.name,
        "joined_at": lambda text: cells.moment(text, "joined_at", now=now),
    }


def read_stores(table: Table, *, now: datetime) -> Iterator[Parsed[stores.Incoming]]:
    """One store a row."""
    read = store_cells(now=now)
    found = [(name, read[name], place) for name, place in zip(STORES.required, places(table, STORES), strict=True)]

    def parse(row: Row) -> Parsed[stores.Incoming]:
        return Parsed([row], stores.Incoming(**{name: read_cell(row.cells[place]) for name, read_cell, place in found}))

    return _one_by_one(table, parse)


def read_members(table: Table, *, now: datetime) -> Iterator[Parsed[members.Incoming]]:
    """One member a row; the name may be empty, and one that cannot be kept is left out with a note."""
    card_no, phone, name, joined_at = places(table, MEMBERS)
    read = member_cells(now=now)
    read_card, read_phone, read_name, read_moment = (read[column] for column in MEMBERS.required)

    def parse(row: Row) -> Parsed[members.Incoming]:
        called = read_name(row.cells[name])
        person = members.Incoming(
            card_no=read_card(row.cells[card_no]),
            phone=read_phone(row.cells[phone]),
            name=called.text,
            joined_at=read_moment(row.cells[joined_at]),
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
