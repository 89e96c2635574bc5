"""Reading receipts of a mall, over all members: purchases, and the inbox of those nobody has claimed."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from app.identity.models import Member
from app.kernel.db import db
from app.malls.models import Store
from app.purchases.models import InboxReceipt, Purchase

ORDER = (Purchase.occurred_at, Purchase.member_id, Purchase.id)


def list_purchases(*wanted: ColumnElement[bool], limit: int = 50) -> Sequence[tuple[Purchase, Store, Member]]:
    """A page of purchases and refunds with store and member, the latest first (`ORDER`, descending)."""
    rows = db.session.execute(
        select(Purchase, Store, Member)
        .join(Store, Store.id == Purchase.store_id)
        .join(Member, Member.id == Purchase.member_id)
        .where(*wanted)
        .order_by(*(column.desc() for column in ORDER))
        .limit(limit)
    )
    return [(purchase, store, member) for purchase, store, member in rows]


def sum_purchases(*wanted: ColumnElement[bool]) -> tuple[int, int]:
    """How many purchases and refunds, and what they sum to in fen (refunds count negative)."""
    row = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Purchase.amount_fen), 0))
        .join(Store, Store.id == Purchase.store_id)
        .where(*wanted)
    ).one()
    return int(row[0]), int(row[1])


def list_inbox(*wanted: ColumnElement[bool], limit: int = 50) -> Sequence[tuple[InboxReceipt, Store]]:
    """A page of receipts of nobody we know, the last received first."""
    rows = db.session.execute(
        select(InboxReceipt, Store)
        .join(Store, Store.id == InboxReceipt.store_id)
        .where(*wanted)
        .order_by(InboxReceipt.id.desc())
        .limit(limit)
    )
    return [(receipt, store) for receipt, store in rows]
