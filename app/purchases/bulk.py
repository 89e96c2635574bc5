"""Receipts by the thousand: what `receipts` does one by one, in a few statements; for imports."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Text, select, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import TypeEngine

from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import Moment, db, table_of
from app.kernel.errors import Busy
from app.kernel.facts import Fact
from app.kernel.fastpath import arrays
from app.kernel.fastpath.copies import copy_in, next_ids
from app.malls.models import Store
from app.purchases import details, matching, queries
from app.purchases.day_sums import SALES
from app.purchases.models import InboxReceipt, Purchase, PurchaseLine, PurchasePayment, ReceiptNumber
from app.purchases.receipts import KEPT, kept
from app.purchases.rules import MEMBER_SOURCES, Receipt, member_number
from app.purchases.tellings import Key
from app.purchases.waiting.models import WaitingReceipt


class Known(NamedTuple):
    """A number that is taken: the digest of its receipt, and whose it is (None: it is in the inbox, or it waits).

    `first` is the number that told first of the same payment, `waits` whether that one is not recorded yet.
    """

    fingerprint: str
    member_id: int | None
    first: Key
    waits: bool = False


class Fresh(NamedTuple):
    """A purchase of nobody (`member_id` None) or of a locked member; no refund."""

    receipt: Receipt
    fingerprint: str
    store: Store
    member_id: int | None


def find_numbers(keys: Collection[Key]) -> Mapping[Key, Known]:
    """Those of the numbers that are taken."""
    wanted, given = _given(_NUMBER, keys)
    found = db.session.execute(
        select(
            ReceiptNumber.source,
            ReceiptNumber.receipt_no,
            ReceiptNumber.fingerprint,
            ReceiptNumber.member_id,
            ReceiptNumber.waiting_id,
            ReceiptNumber.same_source,
            ReceiptNumber.same_receipt_no,
        ).join_from(
            wanted,
            ReceiptNumber,
            (ReceiptNumber.source == wanted.c.source) & (ReceiptNumber.receipt_no == wanted.c.receipt_no),
        ),
        given,
    )
    known, again = dict[Key, Known](), dict[Key, Known]()
    for source, number, digest, member_id, waiting_id, same_source, same_number in found:
        key = (source, number)
        if same_source is None:
            known[key] = Known(digest, member_id, key, waiting_id is not None)
        else:
            again[key] = Known(digest, None, (same_source, same_number))
    if again:
        firsts = find_numbers({one.first for one in again.values()})
        known |= {key: firsts[one.first]._replace(fingerprint=one.fingerprint) for key, one in again.items()}
    return known


def list_delicate(receipts: Sequence[tuple[Receipt, Store]]) -> set[Key]:
    """Those of the purchases that cannot be written plainly: perhaps told of before, or with refunds that wait.

    Whoever they are told by and whoever bought: what is near in place, time and sum is looked at one by one.
    """
    with_number = {receipt.key for receipt, _ in receipts if any(one.transaction_id for one in receipt.payments)}
    return (
        with_number | _list_brought(receipts) | _list_near(receipts) | _list_awaited([one.key for one, _ in receipts])
    )


def _list_brought(receipts: Sequence[tuple[Receipt, Store]]) -> set[Key]:
    """Those whose printed number a member has brought, and those that members bring."""
    printed = {member_number(store.code, one.receipt_no): one.key for one, store in receipts}
    taken = find_numbers([(source, number) for source in MEMBER_SOURCES for number in printed])
    return {printed[number] for _, number in taken} | {one.key for one, _ in receipts if one.source in MEMBER_SOURCES}


def _list_near(receipts: Sequence[tuple[Receipt, Store]]) -> set[Key]:
    """Those near others of the same store and sum, and those of whose day a member brought one like it."""
    kinds: arrays.Kinds = {
        **_NUMBER,
        "store_id": BigInteger(),
        "amount_fen": BigInteger(),
        "since": Moment(),
        "until": Moment(),
        "begins": Moment(),
        "ends": Moment(),
    }
    within = matching.WITHIN
    values = [
        (
            *one.key,
            store.id,
            one.amount_fen,
            one.occurred_at - within,
            one.occurred_at + within,
            *clock.day_bounds(clock.business_date(one.occurred_at)),
        )
        for one, store in receipts
    ]
    wanted, given = _given(kinds, values)
    like = [_told_near(model, wanted) for model in _TOLD] + [_brought_that_day(wanted)]
    near = (select(wanted.c.source, wanted.c.receipt_no).distinct().where(one) for one in like)
    return {(row.source, row.receipt_no) for row in db.session.execute(union_all(*near), given)}


def _brought_that_day(wanted: Any) -> ColumnElement[bool]:
    return (
        select(Purchase.id)
        .where(
            matching.is_brought(),
            Purchase.store_id == wanted.c.store_id,
            Purchase.amount_fen == wanted.c.amount_fen,
            Purchase.occurred_at >= wanted.c.begins,
            Purchase.occurred_at < wanted.c.ends,
        )
        .exists()
    )


_TOLD: tuple[type[Purchase] | type[InboxReceipt], ...] = (Purchase, InboxReceipt)


def _told_near(model: type[Purchase] | type[InboxReceipt], wanted: Any) -> ColumnElement[bool]:
    return (
        select(model.id)
        .where(
            model.store_id == wanted.c.store_id,
            model.occurred_at.between(wanted.c.since, wanted.c.until),
            model.amount_fen == wanted.c.amount_fen,
            model.source != wanted.c.source,
        )
        .exists()
    )


def _list_awaited(keys: Sequence[Key]) -> set[Key]:
    """Those of the numbers that refunds wait for."""
    wanted, given = _given(_NUMBER, keys)
    awaited = select(wanted.c.source, wanted.c.receipt_no).where(
        select(WaitingReceipt.id)
        .where(WaitingReceipt.source == wanted.c.source, WaitingReceipt.refund_of == wanted.c.receipt_no)
        .exists()
    )
    return {(row.source, row.receipt_no) for row in db.session.execute(awaited, given)}


_NUMBER: arrays.Kinds = {"source": Text(), "receipt_no": Text()}


def _given(kinds: arrays.Kinds, rows: Collection[tuple[Any, ...]]) -> tuple[Any, dict[str, Any]]:
    """The rows as a table with columns of these kinds, and the parameters that it takes."""
    return arrays.table_of_rows("given", kinds), arrays.parameters(kinds, rows)


def record(fresh: Sequence[Fresh], *, now: datetime) -> set[Fact]:
    """Write purchases with their lines, and put those of nobody in the inbox, under numbers that were free.

    Returns which of them are the first of their member that cost something.

    Raises Busy when somebody took one of the numbers meanwhile; the transaction must then be rolled back.
    """
    owned = [row for row in fresh if row.member_id is not None]
    unowned = [row for row in fresh if row.member_id is None]
    purchase_ids, inbox_ids = next_ids(Purchase, len(owned)), next_ids(InboxReceipt, len(unowned))
    numbers = [
        (*row.receipt.key, row.fingerprint, row.receipt.till, row.member_id, purchase_id, None)
        for row, purchase_id in zip(owned, purchase_ids, strict=True)
    ] + [
        (*row.receipt.key, row.fingerprint, row.receipt.till, None, None, inbox_id)
        for row, inbox_id in zip(unowned, inbox_ids, strict=True)
    ]
    _take_numbers(numbers)
    first = _write_purchases(owned, purchase_ids, now=now)
    _write_lines(owned, purchase_ids)
    _write_payments(owned, purchase_ids)
    _write_inbox(unowned, inbox_ids, now=now)
    return first


def _take_numbers(numbers: Sequence[tuple[str, str, str, str | None, int | None, int | None, int | None]]) -> None:
    """In ascending order, so that two who take the same ones wait for each other instead of locking up."""
    kinds: dict[str, TypeEngine[Any]] = {
        "source": Text(),
        "receipt_no": Text(),
        "fingerprint": Text(),
        "till": Text(),
        "member_id": BigInteger(),
        "purchase_id": BigInteger(),
        "inbox_id": BigInteger(),
    }
    rows, given = _given(kinds, sorted(numbers, key=lambda row: row[:2]))
    taken = db.session.execute(
        insert(table_of(ReceiptNumber))
        .from_select(list(kinds), select(*rows.c))
        .on_conflict_do_nothing()
        .execution_options(preserve_rowcount=True),
        given,
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
        base_fen = row.receipt.commission_base_fen
        rows.append((row.member_id, purchase_id, *kept(row.receipt, row.store).values(), base_fen, is_first, now))
    copy_in(Purchase, ("member_id", "id", *KEPT, "commission_base_fen", "is_first", "recorded_at"), rows)
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


def _write_payments(owned: Sequence[Fresh], ids: Sequence[int]) -> None:
    rows = [
        (row.member_id, purchase_id, part_no, one.method.value, one.amount_fen, one.transaction_id)
        for row, purchase_id in zip(owned, ids, strict=True)
        for part_no, one in enumerate(row.receipt.payments, start=1)
    ]
    if rows:
        columns = ("member_id", "purchase_id", "part_no", "method", "amount_fen", "transaction_id")
        copy_in(PurchasePayment, columns, rows)


def _write_inbox(unowned: Sequence[Fresh], ids: Sequence[int], *, now: datetime) -> None:
    rows = []
    for row, inbox_id in zip(unowned, ids, strict=True):
        told = details.details_of(row.receipt)
        document = None if told is None else json.dumps(told, ensure_ascii=False)
        rows.append((inbox_id, *kept(row.receipt, row.store).values(), document, now))
    if rows:
        copy_in(InboxReceipt, ("id", *KEPT, "details", "recorded_at"), rows)
