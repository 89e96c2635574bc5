"""Receipts as facts: a number of a source exists once, belongs to a member or waits in the inbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, insert, update

from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import db, table_of
from app.kernel.fastpath import entities
from app.kernel.fastpath.prepared import Prepared
from app.malls.models import Store
from app.purchases import details, queries, rules, tellings
from app.purchases.day_sums import SALES
from app.purchases.errors import RefundedReceiptNotFound
from app.purchases.models import InboxReceipt, Purchase, PurchaseLine, PurchasePayment, ReceiptNumber
from app.purchases.rules import Receipt

_OWN = ("member_id", "refund_of_id", "commission_base_fen", "is_first", "recorded_at")
_MEANT_FOR_NOBODY = dict.fromkeys(("meant_for_id", "checked_at", "checked_by_id", "checked_by"))
KEPT = ("source", "receipt_no", "mall_id", "merchant_id", "store_id", "occurred_at", "amount_fen")

_PURCHASES = table_of(Purchase)
_INSERT = Prepared(
    insert(_PURCHASES).values({name: bindparam(name) for name in (*KEPT, *_OWN)}).returning(_PURCHASES.c.id)
)


@dataclass(frozen=True, slots=True)
class Refunded:
    """The purchase a refund belongs to, and what of it was kept before and after, in fen."""

    purchase: Purchase
    kept_before_fen: int
    kept_after_fen: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A receipt that was nobody's, and its store."""

    receipt: Receipt
    store_id: int


def kept(receipt: Receipt, store: Store) -> dict[str, Any]:
    """What is kept of every receipt, a member's or nobody's, by the columns of KEPT in their order."""
    place = (store.mall_id, store.merchant_id, store.id)
    values = (receipt.source, receipt.receipt_no, *place, receipt.occurred_at, receipt.amount_fen)
    return dict(zip(KEPT, values, strict=True))


def record_purchase(
    receipt: Receipt, store: Store, *, member_id: int, refund_of_id: int | None, now: datetime
) -> Purchase:
    """Write a locked member's purchase or refund under a taken number; the first that costs something is flagged."""
    purchase = _insert(
        member_id=member_id,
        **kept(receipt, store),
        refund_of_id=refund_of_id,
        commission_base_fen=receipt.commission_base_fen,
        is_first=receipt.amount_fen > 0 and not queries.has_first(member_id),
        recorded_at=now,
    )
    _write_lines(receipt, purchase)
    _write_payments(receipt, purchase)
    tellings.point(receipt.key, member_id=member_id, purchase_id=purchase.id)
    tellings.note_transactions(receipt, first=receipt.key)
    marks.note(SALES, purchase.mall_id, clock.business_date(purchase.occurred_at))
    return purchase


def _insert(**values: Any) -> Purchase:
    return entities.hold(Purchase, {"id": _INSERT.first(**values).id, **values})


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


def _write_payments(receipt: Receipt, purchase: Purchase) -> None:
    if receipt.payments:
        db.session.execute(
            insert(PurchasePayment),
            [
                {
                    "member_id": purchase.member_id,
                    "purchase_id": purchase.id,
                    "part_no": part_no,
                    "method": one.method.value,
                    "amount_fen": one.amount_fen,
                    "transaction_id": one.transaction_id,
                }
                for part_no, one in enumerate(receipt.payments, start=1)
            ],
        )


def put_in_inbox(receipt: Receipt, store: Store, *, of: ReceiptNumber | None = None, now: datetime) -> InboxReceipt:
    """Keep a receipt of nobody we know, under a taken number, until somebody claims it; a refund `of` another there."""
    unowned = InboxReceipt(
        **kept(receipt, store),
        refund_source=None if of is None else of.source,
        refund_of=None if of is None else of.receipt_no,
        details=details.details_of(receipt),
        recorded_at=now,
    )
    db.session.add(unowned)
    db.session.flush()
    tellings.point(receipt.key, inbox_id=unowned.id)
    tellings.note_transactions(receipt, first=receipt.key)
    return unowned


def complete(first: ReceiptNumber, receipt: Receipt) -> None:
    """Another source told of the same payment: keep of its lines and payments what the first one did not say.

    What commission is worked out from stays as it was told first: it is posted.
    """
    if first.purchase_id is None or first.member_id is None:
        _complete_unowned(first, receipt)
        return
    purchase = queries.get_purchase(first.member_id, first.purchase_id)
    said = queries.count_parts(purchase.member_id, purchase.id)
    is_whole = receipt.amount_fen == purchase.amount_fen
    _write_lines(receipt if is_whole and not said.lines else replace(receipt, lines=()), purchase)
    _write_payments(receipt if is_whole and not said.payments else replace(receipt, payments=()), purchase)


def _complete_unowned(first: ReceiptNumber, receipt: Receipt) -> None:
    unowned = queries.lock_inbox_receipt(first.source, first.receipt_no)
    if unowned is not None and unowned.amount_fen == receipt.amount_fen:
        unowned.details = {**(details.details_of(receipt) or {}), **(unowned.details or {})} or None
        db.session.flush()


def take_out_of_inbox(first: ReceiptNumber) -> tuple[Waiting, list[Waiting]] | None:
    """Free a receipt of nobody for its buyer; returns it and its refunds in their order, None when it has gone already.

    Their numbers stay taken, and are pointed at what is recorded for the buyer.
    """
    unowned = queries.lock_inbox_receipt(first.source, first.receipt_no)
    if unowned is None:
        return None
    refunds = queries.list_inbox_refunds(first.source, first.receipt_no)
    taken = [unowned.id, *(one.id for one in refunds)]
    db.session.execute(delete(InboxReceipt).where(InboxReceipt.id.in_(taken)))
    return _waiting(unowned), [_waiting(one) for one in refunds]


def dismiss_unowned(inbox_id: int, *, by: str, reason: str, now: datetime) -> bool:
    """Ask nobody any more about a receipt of nobody and its refunds; False when it is gone or set aside already.

    Whose the first of two people said it is counts no more.
    """
    return _mark_unowned(
        inbox_id,
        InboxReceipt.dismissed_at.is_(None),
        {"dismissed_at": now, "dismissed_by": by, "dismissed_for": reason} | _MEANT_FOR_NOBODY,
    )


def take_back_unowned(inbox_id: int) -> bool:
    """A receipt of nobody and its refunds were set aside by mistake; False when it is gone or taken back already."""
    said = dict.fromkeys(("dismissed_at", "dismissed_by", "dismissed_for"))
    return _mark_unowned(inbox_id, InboxReceipt.dismissed_at.is_not(None), said)


def _mark_unowned(inbox_id: int, still: ColumnElement[bool], said: Mapping[str, object]) -> bool:
    """The receipt, if it stands so still, and its refunds."""
    done = db.session.execute(
        update(InboxReceipt)
        .where(InboxReceipt.id == inbox_id, still)
        .values(**said)
        .returning(InboxReceipt.source, InboxReceipt.receipt_no)
    ).first()
    if done is not None:
        refunds = (InboxReceipt.refund_source == done.source) & (InboxReceipt.refund_of == done.receipt_no)
        db.session.execute(update(InboxReceipt).where(refunds).values(**said))
    return done is not None


def mean_for(unowned: InboxReceipt, member_id: int, first: Mapping[str, object]) -> None:
    """The first of two people says of a locked receipt of nobody whose it is; `first` are the columns of who it was."""
    unowned.meant_for_id = member_id
    for name, value in first.items():
        setattr(unowned, name, value)
    db.session.flush()


def forget_meant(member_ids: Sequence[int]) -> None:
    """Of those who leave: what the first of two people said was theirs is nobody's again."""
    theirs = InboxReceipt.meant_for_id.in_(member_ids)
    db.session.execute(update(InboxReceipt).where(theirs).values(**_MEANT_FOR_NOBODY))


def _waiting(row: InboxReceipt) -> Waiting:
    return Waiting(
        Receipt(
            source=row.source,
            receipt_no=row.receipt_no,
            store_code="",
            occurred_at=row.occurred_at,
            amount_fen=row.amount_fen,
            refund_of=row.refund_of,
            **details.read(row.details),
        ),
        row.store_id,
    )


def refund_purchase(receipt: Receipt, of: ReceiptNumber, store: Store) -> Refunded:
    """The purchase that told first of what a refund names, its member locked, and what is kept of it.

    Raises RefundedReceiptNotFound (also for another merchant's, and for refunds) and RefundExceedsPurchase.
    """
    if of.member_id is None or of.purchase_id is None:
        raise RefundedReceiptNotFound(refund_of=receipt.refund_of)
    purchase = queries.get_purchase(of.member_id, of.purchase_id)
    if purchase.refund_of_id is not None or purchase.merchant_id != store.merchant_id:
        raise RefundedReceiptNotFound(refund_of=receipt.refund_of)
    refunds_fen = queries.list_refunds_fen(of.member_id, purchase.id)
    before, after = rules.kept_after_refund(purchase.amount_fen, refunds_fen, receipt.amount_fen)
    return Refunded(purchase, before, after)


def ensure_inbox_refund(receipt: Receipt, of: ReceiptNumber, store: Store) -> int:
    """What is left of an unowned receipt before a refund that keeps within it.

    Raises RefundedReceiptNotFound and RefundExceedsPurchase.
    """
    unowned = queries.lock_inbox_receipt(of.source, of.receipt_no)
    if unowned is None or unowned.refund_of is not None or unowned.merchant_id != store.merchant_id:
        raise RefundedReceiptNotFound(refund_of=receipt.refund_of)
    refunds_fen = queries.list_inbox_refunds_fen(of.source, of.receipt_no)
    before, _ = rules.kept_after_refund(unowned.amount_fen, refunds_fen, receipt.amount_fen)
    return before


def left_of(of: ReceiptNumber) -> int:
    """What of a purchase, by its first number, has not been refunded yet."""
    if of.purchase_id is not None and of.member_id is not None:
        purchase = queries.get_purchase(of.member_id, of.purchase_id)
        return purchase.amount_fen + sum(queries.list_refunds_fen(of.member_id, purchase.id))
    unowned = queries.lock_inbox_receipt(of.source, of.receipt_no)
    taken = sum(queries.list_inbox_refunds_fen(of.source, of.receipt_no))
    return 0 if unowned is None else unowned.amount_fen + taken
