"""Reading purchases, refunds and the inbox."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select

from app.identity import people
from app.identity import queries as identity
from app.kernel.db import db, table_of
from app.kernel.facts import Fact
from app.kernel.fastpath.entities import PreparedEntities
from app.kernel.fastpath.prepared import Prepared
from app.purchases import facts
from app.purchases.models import InboxReceipt, Purchase, PurchaseLine, PurchasePayment

_ROW = table_of(Purchase)
_PURCHASE = PreparedEntities(
    Purchase, select(_ROW).where(_ROW.c.member_id == bindparam("of_member"), _ROW.c.id == bindparam("of_purchase"))
)
_REFUNDS = Prepared(
    select(Purchase.amount_fen).where(
        Purchase.member_id == bindparam("of_member"), Purchase.refund_of_id == bindparam("of_purchase")
    )
)


def get_purchase(member_id: int, purchase_id: int) -> Purchase:
    """This member's purchase or refund, known to exist."""
    found = _PURCHASE.first(of_member=member_id, of_purchase=purchase_id)
    if found is None:
        raise LookupError(f"member {member_id} has no purchase {purchase_id}")
    return found


def list_bought(member_ids: Sequence[int], *, since: datetime) -> Sequence[Fact]:
    """What the members bought since then, by what their receipts are called in ledgers; no refunds."""
    rows = db.session.execute(
        select(Purchase.source, Purchase.receipt_no).where(
            Purchase.member_id.in_(member_ids), Purchase.occurred_at >= since, Purchase.refund_of_id.is_(None)
        )
    )
    return [facts.receipt(row.source, row.receipt_no) for row in rows]


_FIRST = Prepared(select(Purchase.id).where(Purchase.member_id == bindparam("member_id"), Purchase.is_first))


def has_first(member_id: int) -> bool:
    """Whether the member's first purchase is recorded already, be it under a number they had before a merge.

    The other numbers are asked about only until there is one of their own.
    """
    if _FIRST.first(member_id=member_id) is not None:
        return True
    numbers = set(identity.list_person_ids(member_id)) - {member_id}
    return bool(numbers) and bool(_list_first(numbers))


def list_with_first(member_ids: Collection[int]) -> set[int]:
    """Those of the members whose first purchase is recorded, under any of their numbers."""
    numbers = dict(people.find_people(member_ids).numbers)
    return {numbers[number] for number in _list_first(numbers)}


def _list_first(numbers: Collection[int]) -> Sequence[int]:
    """Those of the numbers under which a first purchase is recorded."""
    theirs = Purchase.member_id == func.any(bindparam("ids", list(numbers), type_=ARRAY(BigInteger())))
    return db.session.scalars(select(Purchase.member_id).where(theirs, Purchase.is_first)).all()


def list_refunds_fen(member_id: int, purchase_id: int) -> Sequence[int]:
    """The amounts (< 0) of a purchase's refunds."""
    return [row.amount_fen for row in _REFUNDS.all(of_member=member_id, of_purchase=purchase_id)]


class Parts(NamedTuple):
    """How many lines and payments of a receipt are kept."""

    lines: int
    payments: int


def count_parts(member_id: int, purchase_id: int) -> Parts:
    """How many parts of a receipt were given."""
    lines = select(func.count()).where(PurchaseLine.member_id == member_id, PurchaseLine.purchase_id == purchase_id)
    payments = select(func.count()).where(
        PurchasePayment.member_id == member_id, PurchasePayment.purchase_id == purchase_id
    )
    row = db.session.execute(select(lines.scalar_subquery(), payments.scalar_subquery())).one()
    return Parts(*row)


def find_unclaimed(source: str, receipt_no: str) -> InboxReceipt | None:
    """An unowned receipt by its number."""
    return db.session.scalar(
        select(InboxReceipt).where(InboxReceipt.source == source, InboxReceipt.receipt_no == receipt_no)
    )


def find_inbox_receipt(inbox_id: int) -> InboxReceipt | None:
    """An unowned receipt by its id, as it stands now."""
    return db.session.scalar(
        select(InboxReceipt).where(InboxReceipt.id == inbox_id).execution_options(populate_existing=True)
    )


def lock_inbox_receipt(source: str, receipt_no: str) -> InboxReceipt | None:
    """An unowned receipt FOR UPDATE."""
    return db.session.scalar(
        select(InboxReceipt)
        .where(InboxReceipt.source == source, InboxReceipt.receipt_no == receipt_no)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def list_inbox_refunds(source: str, receipt_no: str) -> Sequence[InboxReceipt]:
    """The refunds of an unowned receipt, in the order in which they came."""
    return db.session.scalars(
        select(InboxReceipt)
        .where(InboxReceipt.refund_source == source, InboxReceipt.refund_of == receipt_no)
        .order_by(InboxReceipt.id)
    ).all()


def list_inbox_refunds_fen(source: str, receipt_no: str) -> Sequence[int]:
    """The amounts (< 0) of the refunds of an unowned receipt."""
    return db.session.scalars(
        select(InboxReceipt.amount_fen).where(
            InboxReceipt.refund_source == source, InboxReceipt.refund_of == receipt_no
        )
    ).all()
