"""Reading receipts of a mall, over all members: purchases, and the inbox of those nobody has claimed."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select, tuple_

from app.identity.models import Member
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.malls.models import Store
from app.purchases.models import InboxReceipt, Purchase

ORDER = Order(Purchase.occurred_at.desc(), Purchase.member_id.desc(), Purchase.id.desc())
INBOX_ORDER = Order(InboxReceipt.id.desc())


def list_purchases(*wanted: ColumnElement[bool], asked: Asked = FIRST) -> Page[tuple[Purchase, Store, Member]]:
    """A page of purchases and refunds with store and member, the latest first."""
    query = (
        select(Purchase, Store, Member)
        .join(Store, Store.id == Purchase.store_id)
        .join(Member, Member.id == Purchase.member_id)
        .where(*wanted)
    )
    return keyset.rows(query, ORDER, asked)


def sum_purchases(*wanted: ColumnElement[bool]) -> tuple[int, int]:
    """How many purchases and refunds, and what they sum to in fen (refunds count negative)."""
    row = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Purchase.amount_fen), 0))
        .join(Store, Store.id == Purchase.store_id)
        .where(*wanted)
    ).one()
    return int(row[0]), int(row[1])


def list_inbox(*wanted: ColumnElement[bool], asked: Asked = FIRST) -> Page[tuple[InboxReceipt, Store]]:
    """A page of receipts of nobody we know, the last received first."""
    query = select(InboxReceipt, Store).join(Store, Store.id == InboxReceipt.store_id).where(*wanted)
    return keyset.rows(query, INBOX_ORDER, asked)


def list_by_numbers(member_id: int, numbers: Sequence[tuple[str, str]]) -> Sequence[Purchase]:
    """The member's purchases and refunds with these (source, receipt number)."""
    wanted = tuple_(Purchase.source, Purchase.receipt_no).in_(numbers)
    return db.session.scalars(select(Purchase).where(Purchase.member_id == member_id, wanted)).all()
