"""Receipts as facts: a number of a source exists once, belongs to a member or waits in the inbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql

from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import db
from app.malls.models import Store
from app.purchases import queries, rules
from app.purchases.day_sums import SALES
from app.purchases.errors import ReceiptConflict, RefundedReceiptNotFound
from app.purchases.models import InboxReceipt, Purchase, PurchaseLine, ReceiptNumber
from app.purchases.rules import Receipt

KEPT = ("source", "receipt_no", "mall_id", "merchant_id", "store_id", "occurred_at", "amount_fen")


@dataclass(frozen=True, slots=True)
class Refunded:
    """The purchase a refund belongs to, and what of it was kept before and after, in fen."""

    purchase: Purchase
    kept_before_fen: int
    kept_after_fen: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A refund of an unowned receipt; its lines were not kept."""

    receipt: Receipt
    store_id: int


def find_known(receipt: Receipt) -> ReceiptNumber | None:
    """The number as it was taken before; raises ReceiptConflict when it was for another content."""
    known = db.session.scalar(
        select(ReceiptNumber)
        .where(ReceiptNumber.source == receipt.source, ReceiptNumber.receipt_no == receipt.receipt_no)
        .execution_options(populate_existing=True)
    )
    if known is not None and known.fingerprint != rules.fingerprint(receipt):
        raise ReceiptConflict(source=receipt.source, receipt_no=receipt.receipt_no)
    return known


def take_number(receipt: Receipt) -> bool:
    """Take the receipt's number; False when somebody has it. Waits for a transaction that is taking the same."""
    taken = db.session.execute(
        postgresql.insert(ReceiptNumber)
        .values(source=receipt.source, receipt_no=receipt.receipt_no, fingerprint=rules.fingerprint(receipt))
        .on_conflict_do_nothing()
        .returning(ReceiptNumber.receipt_no)
    ).first()
    return taken is not None


def kept(receipt: Receipt, store: Store) -> dict[str, Any]:
    """What is kept of every receipt, a member's or nobody's, by the columns of KEPT in their order."""
    place = (store.mall_id, store.merchant_id, store.id)
    values = (receipt.source, receipt.receipt_no, *place, receipt.occurred_at, receipt.amount_fen)
    return dict(zip(KEPT, values, strict=True))


def record_purchase(
    receipt: Receipt, store: Store, *, member_id: int, refund_of_id: int | None, now: datetime
) -> Purchase:
    """Write a locked member's purchase or refund under a taken number; the first that costs something is flagged."""
    purchase = Purchase(
        member_id=member_id,
        **kept(receipt, store),
        refund_of_id=refund_of_id,
        is_first=receipt.amount_fen > 0 and not queries.has_first(member_id),
        recorded_at=now,
    )
    db.session.add(purchase)
    db.session.flush()
    _write_lines(receipt, purchase)
    _point_number(receipt, member_id=member_id, purchase_id=purchase.id)
    marks.note(SALES, purchase.mall_id, clock.business_date(purchase.occurred_at))
    return purchase


def _write_lines(receipt: Receipt, purchase: Purchase) -> None:
    if receipt.lines:
        db.session.execute(
            insert(PurchaseLine),
            [
                {
                    "member_id": purchase.member_id,
                    "purchase_id": purchase.id,
                    "line_no": line.line_no,
                    "category_code": line.category_code,
                    "amount_fen": line.amount_fen,
                }
                for line in receipt.lines
            ],
        )


def put_in_inbox(receipt: Receipt, store: Store, *, now: datetime) -> InboxReceipt:
    """Keep a receipt of nobody we know, under a taken number, until somebody claims it."""
    unowned = InboxReceipt(
        **kept(receipt, store),
        refund_of=receipt.refund_of,
        recorded_at=now,
    )
    db.session.add(unowned)
    db.session.flush()
    _point_number(receipt, inbox_id=unowned.id)
    return unowned


def _point_number(
    receipt: Receipt, *, member_id: int | None = None, purchase_id: int | None = None, inbox_id: int | None = None
) -> None:
    db.session.execute(
        update(ReceiptNumber)
        .where(ReceiptNumber.source == receipt.source, ReceiptNumber.receipt_no == receipt.receipt_no)
        .values(member_id=member_id, purchase_id=purchase_id, inbox_id=inbox_id)
        .execution_options(synchronize_session=False)
    )


def take_out_of_inbox(receipt: Receipt) -> list[Waiting] | None:
    """Free a receipt of nobody for its buyer; returns its refunds in their order, None when it has gone already.

    Their numbers stay taken, and are pointed at what is recorded for the buyer.
    """
    unowned = queries.lock_inbox_receipt(receipt.source, receipt.receipt_no)
    if unowned is None:
        return None
    refunds = queries.list_inbox_refunds(receipt.source, receipt.receipt_no)
    waiting = [Waiting(_refund_in_inbox(one), one.store_id) for one in refunds]
    taken = [unowned.id, *(one.id for one in refunds)]
    db.session.execute(delete(InboxReceipt).where(InboxReceipt.id.in_(taken)))
    return waiting


def _refund_in_inbox(row: InboxReceipt) -> Receipt:
    return Receipt(
        source=row.source,
        receipt_no=row.receipt_no,
        store_code="",
        occurred_at=row.occurred_at,
        amount_fen=row.amount_fen,
        refund_of=row.refund_of,
    )


def find_refunded_owner(receipt: Receipt) -> int | None:
    """Whose receipt a refund refunds; None when it waits in the inbox. Raises RefundedReceiptNotFound."""
    known = db.session.scalar(
        select(ReceiptNumber).where(
            ReceiptNumber.source == receipt.source, ReceiptNumber.receipt_no == (receipt.refund_of or "")
        )
    )
    if known is None:
        raise RefundedReceiptNotFound(refund_of=receipt.refund_of)
    return known.member_id


def refund_purchase(receipt: Receipt, store: Store, *, member_id: int) -> Refunded:
    """The locked member's purchase that a refund names, and what is kept of it.

    Raises RefundedReceiptNotFound (also for another merchant's, and for refunds) and RefundExceedsPurchase.
    """
    purchase = queries.find_purchase(member_id, source=receipt.source, receipt_no=receipt.refund_of or "")
    if purchase is None or purchase.refund_of_id is not None or purchase.merchant_id != store.merchant_id:
        raise RefundedReceiptNotFound(refund_of=receipt.refund_of)
    refunds_fen = queries.list_refunds_fen(member_id, purchase.id)
    before, after = rules.kept_after_refund(purchase.amount_fen, refunds_fen, receipt.amount_fen)
    return Refunded(purchase, before, after)


def ensure_inbox_refund(receipt: Receipt, store: Store) -> int:
    """What is left of an unowned receipt before a refund that keeps within it.

    Raises RefundedReceiptNotFound and RefundExceedsPurchase.
    """
    unowned = queries.lock_inbox_receipt(receipt.source, receipt.refund_of or "")
    if unowned is None or unowned.refund_of is not None or unowned.merchant_id != store.merchant_id:
        raise RefundedReceiptNotFound(refund_of=receipt.refund_of)
    refunds_fen = queries.list_inbox_refunds_fen(receipt.source, unowned.receipt_no)
    before, _ = rules.kept_after_refund(unowned.amount_fen, refunds_fen, receipt.amount_fen)
    return before
