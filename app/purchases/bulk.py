"""Receipts by the thousand: what `receipts` does one by one, in a few statements; for imports."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import TypeEngine

from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import db, table_of
from app.kernel.errors import Busy
from app.kernel.facts import Fact
from app.kernel.fastpath.copies import copy_in, next_ids
from app.malls.models import Store
from app.purchases import queries
from app.purchases.day_sums import SALES
from app.purchases.models import InboxReceipt, Purchase, PurchaseLine, ReceiptNumber
from app.purchases.receipts import KEPT, kept
from app.purchases.rules import Receipt

Key = tuple[str, str]  # source, receipt number


class Known(NamedTuple):
    """A number that is taken: the digest of its receipt, and whose it is (None: it waits in the inbox)."""

    fingerprint: str
    member_id: int | None


class Fresh(NamedTuple):
    """A purchase of nobody (`member_id` None) or of a locked member; no refund."""

    receipt: Receipt
    fingerprint: str
    store: Store
    member_id: int | None


def find_numbers(keys: Collection[Key]) -> Mapping[Key, Known]:
    """Those of the numbers that are taken."""
    given = func.unnest(bindparam("sources", type_=ARRAY(Text())), bindparam("numbers", type_=ARRAY(Text())))
    wanted = given.table_valued(column("source", Text()), column("receipt_no", Text()), name="wanted").render_derived()
    rows = db.session.execute(
        select(
            ReceiptNumber.source, ReceiptNumber.receipt_no, ReceiptNumber.fingerprint, ReceiptNumber.member_id
        ).join_from(
            wanted,
            ReceiptNumber,
            (ReceiptNumber.source == wanted.c.source) & (ReceiptNumber.receipt_no == wanted.c.receipt_no),
        ),
        {"sources": [source for source, _ in keys], "numbers": [number for _, number in keys]},
    )
    return {(row.source, row.receipt_no): Known(row.fingerprint, row.member_id) for row in rows}


def record(fresh: Sequence[Fresh], *, now: datetime) -> set[Fact]:
    """Write purchases with their lines, and put those of nobody in the inbox, under numbers that were free.

    Returns which of them are the first of their member that cost something.

    Raises Busy when somebody took one of the numbers meanwhile; the transaction must then be rolled back.
    """
    owned = [row for row in fresh if row.member_id is not None]
    unowned = [row for row in fresh if row.member_id is None]
    purchase_ids, inbox_ids = next_ids(Purchase, len(owned)), next_ids(InboxReceipt, len(unowned))
    numbers = [
        (row.receipt.source, row.receipt.receipt_no, row.fingerprint, row.member_id, purchase_id, None)
        for row, purchase_id in zip(owned, purchase_ids, strict=True)
    ] + [
        (row.receipt.source, row.receipt.receipt_no, row.fingerprint, None, None, inbox_id)
        for row, inbox_id in zip(unowned, inbox_ids, strict=True)
    ]
    _take_numbers(numbers)
    first = _write_purchases(owned, purchase_ids, now=now)
    _write_lines(owned, purchase_ids)
    _write_inbox(unowned, inbox_ids, now=now)
    return first


def _take_numbers(numbers: Sequence[tuple[str, str, str, int | None, int | None, int | None]]) -> None:
    """In ascending order, so that two who take the same ones wait for each other instead of locking up."""
    kinds: dict[str, TypeEngine[Any]] = {
        "source": Text(),
        "receipt_no": Text(),
        "fingerprint": Text(),
        "member_id": BigInteger(),
        "purchase_id": BigInteger(),
        "inbox_id": BigInteger(),
    }
    arrays = [bindparam(f"{name}_s", type_=ARRAY(kind)) for name, kind in kinds.items()]
    columns = [column(name, kind) for name, kind in kinds.items()]
    rows = func.unnest(*arrays).table_valued(*columns, name="number").render_derived()
    values = zip(*sorted(numbers, key=lambda row: row[:2]), strict=True)
    taken = db.session.execute(
        insert(table_of(ReceiptNumber))
        .from_select(list(kinds), select(*rows.c))
        .on_conflict_do_nothing()
        .execution_options(preserve_rowcount=True),
        {f"{name}_s": list(value) for name, value in zip(kinds, values, strict=True)},
    )
    if getattr(taken, "rowcount", 0) != len(numbers):
        raise Busy


def _write_purchases(owned: Sequence[Fresh], ids: Sequence[int], *, now: datetime) -> set[Fact]:
    with_first: set[int | None] = set(
        queries.list_with_first({row.member_id for row in owned if row.member_id is not None})
    )
    rows, first = [], set()
    for row, purchase_id in zip(owned, ids, strict=True):
        is_first = row.receipt.amount_fen > 0 and row.member_id not in with_first
        if is_first:
            with_first.add(row.member_id)
            first.add(row.receipt.fact)
        rows.append((row.member_id, purchase_id, *kept(row.receipt, row.store).values(), is_first, now))
    copy_in(Purchase, ("member_id", "id", *KEPT, "is_first", "recorded_at"), rows)
    marks.note_all(SALES, ((row.store.mall_id, clock.business_date(row.receipt.occurred_at)) for row in owned))
    return first


def _write_lines(owned: Sequence[Fresh], ids: Sequence[int]) -> None:
    rows = [
        (row.member_id, purchase_id, line.line_no, line.category_code, line.amount_fen)
        for row, purchase_id in zip(owned, ids, strict=True)
        for line in row.receipt.lines
    ]
    if rows:
        copy_in(PurchaseLine, ("member_id", "purchase_id", "line_no", "category_code", "amount_fen"), rows)


def _write_inbox(unowned: Sequence[Fresh], ids: Sequence[int], *, now: datetime) -> None:
    rows = [(inbox_id, *kept(row.receipt, row.store).values(), now) for row, inbox_id in zip(unowned, ids, strict=True)]
    if rows:
        copy_in(InboxReceipt, ("id", *KEPT, "recorded_at"), rows)
