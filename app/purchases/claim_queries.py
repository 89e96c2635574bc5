"""What a claim says, as tills told it: the receipts that fit in store, number, sum and day, and no others."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import db
from app.purchases.claims.claims import Wish
from app.purchases.models import InboxReceipt, Purchase
from app.purchases.rules import MEMBER_SOURCES, member_number


class Told(Protocol):
    """What is looked for."""

    store_id: int
    receipt_no: str
    amount_fen: int
    business_day: date


def list_unowned(told: Told) -> Sequence[InboxReceipt]:
    """Receipts of nobody that fit, whatever source they came from; those that people set aside do not."""
    return db.session.scalars(
        select(InboxReceipt).where(
            InboxReceipt.store_id == told.store_id,
            InboxReceipt.occurred_at >= clock.start_of_day(told.business_day),
            InboxReceipt.occurred_at < clock.start_of_day(told.business_day + timedelta(days=1)),
            InboxReceipt.receipt_no == told.receipt_no,
            InboxReceipt.amount_fen == told.amount_fen,
            InboxReceipt.refund_of.is_(None),
            InboxReceipt.dismissed_at.is_(None),
        )
    ).all()


def find_owner(wish: Wish) -> int | None:
    """Whose purchase it is that fits in all four, by the number it was recorded with; None when there is none."""
    store = wish.store
    numbers = [wish.receipt_no, member_number(store.code, wish.receipt_no)]
    rows = db.session.scalars(
        select(Purchase).where(
            Purchase.mall_id == store.mall_id,
            Purchase.receipt_no.in_(numbers),
            Purchase.store_id == store.id,
            Purchase.occurred_at >= clock.start_of_day(wish.day),
            Purchase.occurred_at < clock.start_of_day(wish.day + timedelta(days=1)),
            Purchase.amount_fen == wish.amount_fen,
            Purchase.refund_of_id.is_(None),
        )
    )
    found = [row for row in rows if (row.receipt_no == numbers[0]) != (row.source in MEMBER_SOURCES)]
    return found[0].member_id if found else None
