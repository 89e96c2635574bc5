"""Personal data: receipts."""

from typing import Any

from sqlalchemy import Select, SQLColumnExpression, and_, case, func, select

from app.kernel.lists.days import day_of
from app.kernel.personal_data import Ids, Sections
from app.malls.models import Store
from app.purchases import day_only
from app.purchases.claims.models import ReceiptClaim
from app.purchases.models import Purchase, PurchaseLine, PurchasePayment
from app.purchases.photos.models import ReceiptPhoto, ReceiptPhotoImage
from app.purchases.waiting.models import WaitingReceipt

_PHOTOS_AT_A_TIME = 4


def _purchases(ids: Ids) -> Select[Any]:
    one = Purchase
    return (
        select(
            one.source,
            one.receipt_no,
            Store.name.label("store"),
            one.amount_fen,
            day_of(one.occurred_at).label("day"),
            case((~day_only.stands_for_day(one.source, one.occurred_at), one.occurred_at)).label("occurred_at"),
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


def _photo_images(ids: Ids) -> Select[Any]:
    """Photographs as addresses that hold them, few at a time: each weighs up to a megabyte."""
    own = and_(ReceiptPhoto.member_id == ReceiptPhotoImage.member_id, ReceiptPhoto.id == ReceiptPhotoImage.photo_id)
    in_base64 = func.translate(func.encode(ReceiptPhotoImage.image, "base64"), "\n", "")
    return (
        select(ReceiptPhoto.created_at, func.concat("data:image/jpeg;base64,", in_base64).label("photograph"))
        .join_from(ReceiptPhotoImage, ReceiptPhoto, own)
        .where(ReceiptPhotoImage.member_id.in_(ids))
        .order_by(ReceiptPhoto.created_at, ReceiptPhoto.id)
        .execution_options(yield_per=_PHOTOS_AT_A_TIME)
    )


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
    "receipt_photo_images": _photo_images,
}

# Tables with a member's key that are not in the document, and why.
LEFT_OUT = {
    "receipt_numbers": "a directory of the numbers that stand with the purchases",
}
