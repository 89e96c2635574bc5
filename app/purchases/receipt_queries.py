"""Reading receipts of a mall, over all members: purchases, and the inbox of those nobody has claimed."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import BigInteger, ColumnElement, cast, func, select, tuple_

from app.identity.models import Member
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.malls.models import Store
from app.purchases.models import InboxReceipt, Purchase, PurchaseLine, PurchasePayment
from app.purchases.waiting.models import WaitingReceipt

ORDER = Order(Purchase.occurred_at.desc(), Purchase.member_id.desc(), Purchase.id.desc())
INBOX_ORDER = Order(InboxReceipt.occurred_at.desc(), InboxReceipt.id.desc())


def list_purchases(
    *wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST
) -> Page[tuple[Purchase, Store, Member]]:
    """A page of purchases and refunds with store and member, the latest first if not asked otherwise."""
    query = (
        select(Purchase, Store, Member)
        .join(Store, Store.id == Purchase.store_id)
        .join(Member, Member.id == Purchase.member_id)
        .where(*wanted)
    )
    return keyset.rows(query, order, asked)


def find_by_number(receipt_nos: Collection[str], *wanted: ColumnElement[bool]) -> list[tuple[Purchase, Store]]:
    """Purchases and refunds that bear one of the numbers, whatever source they came from, with their stores."""
    rows = db.session.execute(
        select(Purchase, Store)
        .join(Store, Store.id == Purchase.store_id)
        .where(Purchase.receipt_no.in_(sorted(receipt_nos)), *wanted)
        .order_by(Purchase.source, Purchase.receipt_no)
    )
    return list(rows.tuples())


def find_unclaimed_by_number(
    receipt_nos: Collection[str], *wanted: ColumnElement[bool]
) -> list[tuple[InboxReceipt, Store]]:
    """The same among those of nobody we know."""
    rows = db.session.execute(
        select(InboxReceipt, Store)
        .join(Store, Store.id == InboxReceipt.store_id)
        .where(InboxReceipt.receipt_no.in_(sorted(receipt_nos)), *wanted)
        .order_by(InboxReceipt.source, InboxReceipt.receipt_no)
    )
    return list(rows.tuples())


def get_purchase(member_id: int, purchase_id: int, *, visible: ColumnElement[bool]) -> tuple[Purchase, Store, Member]:
    """A purchase or refund with store and member if it is visible; raises NotFound."""
    found = db.session.execute(
        select(Purchase, Store, Member)
        .join(Store, Store.id == Purchase.store_id)
        .join(Member, Member.id == Purchase.member_id)
        .where(Purchase.member_id == member_id, Purchase.id == purchase_id, visible)
    ).first()
    if found is None:
        raise NotFound(purchase=purchase_id)
    return found._tuple()


def get_unclaimed(inbox_id: int, *, visible: ColumnElement[bool]) -> tuple[InboxReceipt, Store]:
    """A receipt of nobody we know with its store if it is visible; raises NotFound."""
    found = db.session.execute(
        select(InboxReceipt, Store)
        .join(Store, Store.id == InboxReceipt.store_id)
        .where(InboxReceipt.id == inbox_id, visible)
    ).first()
    if found is None:
        raise NotFound(receipt=inbox_id)
    return found._tuple()


def find_unclaimed(inbox_ids: Collection[int], *wanted: ColumnElement[bool]) -> list[tuple[InboxReceipt, Store]]:
    """Those of these receipts of nobody we know that are there and wanted, with their stores, by their ids."""
    found = select(InboxReceipt, Store).join(Store, Store.id == InboxReceipt.store_id)
    of_these = found.where(InboxReceipt.id.in_(inbox_ids), *wanted).order_by(InboxReceipt.id)
    return list(db.session.execute(of_these).tuples())


def list_refunds(member_id: int, purchase_id: int) -> Sequence[Purchase]:
    """The refunds of a member's purchase, in the order in which they came."""
    return db.session.scalars(
        select(Purchase)
        .where(Purchase.member_id == member_id, Purchase.refund_of_id == purchase_id)
        .order_by(Purchase.id)
    ).all()


def list_lines(member_id: int, purchase_id: int) -> Sequence[PurchaseLine]:
    """The lines of a receipt as they were given; none for one that came without."""
    return db.session.scalars(
        select(PurchaseLine)
        .where(PurchaseLine.member_id == member_id, PurchaseLine.purchase_id == purchase_id)
        .order_by(PurchaseLine.line_no)
    ).all()


def list_inbox(
    *wanted: ColumnElement[bool], order: Order = INBOX_ORDER, asked: Asked = FIRST
) -> Page[tuple[InboxReceipt, Store]]:
    """A page of receipts of nobody we know, the latest first if not asked otherwise."""
    query = select(InboxReceipt, Store).join(Store, Store.id == InboxReceipt.store_id).where(*wanted)
    return keyset.rows(query, order, asked)


WAITING_ORDER = Order(WaitingReceipt.occurred_at.desc(), WaitingReceipt.id.desc())


def list_waiting(
    *wanted: ColumnElement[bool], order: Order = WAITING_ORDER, asked: Asked = FIRST
) -> Page[WaitingReceipt]:
    """A page of receipts that wait, the latest first if not asked otherwise."""
    return keyset.scalars(select(WaitingReceipt).where(*wanted), order, asked)


def stores_and_buyers(rows: Collection[WaitingReceipt]) -> tuple[dict[int, Store], dict[int, Member]]:
    """Stores and members of receipts that wait, by their ids, as far as they are known."""
    stores = db.session.scalars(select(Store).where(Store.id.in_({row.store_id for row in rows} - {None})))
    buyers = members_of({row.member_id for row in rows if row.member_id is not None})
    return {store.id: store for store in stores}, buyers


def members_of(member_ids: Collection[int]) -> dict[int, Member]:
    """The members' rows by their numbers, as they are shown in lists."""
    return {member.id: member for member in db.session.scalars(select(Member).where(Member.id.in_(member_ids)))}


def get_waiting(waiting_id: int, *, visible: ColumnElement[bool]) -> WaitingReceipt:
    """A receipt that waits if it is visible; raises NotFound."""
    found = db.session.scalar(select(WaitingReceipt).where(WaitingReceipt.id == waiting_id, visible))
    if found is None:
        raise NotFound(waiting=waiting_id)
    return found


def find_waiting(waiting_ids: Collection[int], *wanted: ColumnElement[bool]) -> Sequence[WaitingReceipt]:
    """Those of these receipts that wait still and are wanted, by their ids."""
    found = select(WaitingReceipt).where(WaitingReceipt.id.in_(waiting_ids), *wanted)
    return db.session.scalars(found.order_by(WaitingReceipt.id)).all()


def list_payments(member_id: int, purchase_id: int) -> Sequence[PurchasePayment]:
    """How a receipt was paid, as far as its sources said."""
    return db.session.scalars(
        select(PurchasePayment)
        .where(PurchasePayment.member_id == member_id, PurchasePayment.purchase_id == purchase_id)
        .order_by(PurchasePayment.part_no)
    ).all()


def list_by_numbers(member_ids: Collection[int], numbers: Sequence[tuple[str, str]]) -> Sequence[Purchase]:
    """The member's purchases and refunds with these (source, receipt number)."""
    wanted = tuple_(Purchase.source, Purchase.receipt_no).in_(numbers)
    return db.session.scalars(select(Purchase).where(Purchase.member_id.in_(member_ids), wanted)).all()


def sum_of(member_ids: Collection[int], *, mall_id: int) -> tuple[int, int]:
    """How many purchases these numbers of a member made in the mall, and what they paid in fen, refunds taken off."""
    row = db.session.execute(
        select(
            func.count().filter(Purchase.refund_of_id.is_(None)),
            cast(func.coalesce(func.sum(Purchase.amount_fen), 0), BigInteger),
        ).where(Purchase.member_id.in_(member_ids), Purchase.mall_id == mall_id)
    ).one()
    return row[0], row[1]


def spent_by(whose: Mapping[int, int], *, mall_id: int) -> Mapping[int, int]:
    """What each person paid in the mall in fen under any of their numbers, refunds taken off; 0 for who never paid.

    `whose` says by number who that is (`people.list_whose`).
    """
    rows = db.session.execute(
        select(Purchase.member_id, cast(func.sum(Purchase.amount_fen), BigInteger))
        .where(Purchase.member_id.in_(list(whose)), Purchase.mall_id == mall_id)
        .group_by(Purchase.member_id)
    )
    spent: Counter[int] = Counter()
    for number, fen in rows.tuples():
        spent[whose[number]] += fen
    return spent
