"""Personal data: receipts."""

from typing import Any

from sqlalchemy import Select, SQLColumnExpression, and_, select

from app.kernel.personal_data import Ids, Sections
from app.malls.models import Store
from app.purchases.claims.models import ReceiptClaim
from app.purchases.models import Purchase, PurchaseLine, PurchasePayment
from app.purchases.photos.models import ReceiptPhoto
from app.purchases.waiting.models import WaitingReceipt


def _purchases(ids: Ids) -> Select[Any]:
    one = Purchase
    return (
        select(
            one.source,
            one.receipt_no,
            Store.name.label("store"),
            one.amount_fen,
            one.occurred_at,
            one.recorded_at,
            one.is_first,
        )
        .join(Store, Store.id == one.store_id)
        .where(one.member_id.in_(ids))
        .order_by(one.occurred_at, one.id)
    )


def _purchase_lines(ids: Ids) -> Select[Any]:
    one = PurchaseLine
    return (
        select(Purchase.source, Purchase.receipt_no, one.line_no, one.category_code, one.amount_fen)
        .join(Purchase, and_(Purchase.member_id == one.member_id, Purchase.id == one.purchase_id))
        .where(one.member_id.in_(ids))
        .order_by(one.purchase_id, one.line_no)
    )


def _purchase_payments(ids: Ids) -> Select[Any]:
    one = PurchasePayment
    return (
        select(Purchase.source, Purchase.receipt_no, one.method, one.amount_fen, one.transaction_id)
        .join(Purchase, and_(Purchase.member_id == one.member_id, Purchase.id == one.purchase_id))
        .where(one.member_id.in_(ids))
        .order_by(one.purchase_id, one.part_no)
    )


def _waiting_receipts(ids: Ids) -> Select[Any]:
    one = WaitingReceipt
    return (
        select(one.source, one.receipt_no, one.store_code, one.amount_fen, one.occurred_at, one.recorded_at)
        .where(one.member_id.in_(ids))
        .order_by(one.occurred_at, one.id)
    )


def _claims(ids: Ids) -> Select[Any]:
    return _brought_in(ReceiptClaim, ids)


def _photos(ids: Ids) -> Select[Any]:
    return _brought_in(ReceiptPhoto, ids, ReceiptPhoto.image_gone_at)


def _brought_in(one: type[ReceiptClaim] | type[ReceiptPhoto], ids: Ids, *more: SQLColumnExpression[Any]) -> Select[Any]:
    """Receipts that members brought in themselves, with what became of them."""
    said = (one.receipt_no, one.amount_fen, one.business_day, one.state, one.reason, one.note, one.created_at)
    return (
        select(Store.name.label("store"), *said, *more)
        .join_from(one, Store, Store.id == one.store_id, isouter=True)
        .where(one.member_id.in_(ids))
        .order_by(one.created_at, one.id)
    )


SECTIONS: Sections = {
    "purchases": _purchases,
    "purchase_lines": _purchase_lines,
    "purchase_payments": _purchase_payments,
    "waiting_receipts": _waiting_receipts,
    "receipt_claims": _claims,
    "receipt_photos": _photos,
}

# Tables with a member's key that are not in the document, and why.
LEFT_OUT = {
    "receipt_photo_images": "photographs weigh too much for a document; members open and keep each from their list",
    "receipt_numbers": "a directory of the numbers that stand with the purchases",
}
