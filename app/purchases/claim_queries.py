"""What a claim says, as tills told it: the receipts that fit in store, number, sum and day, and no others."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from sqlalchemy import BigInteger, select

from app.kernel import clock
from app.kernel.db import Moment, db
from app.kernel.fastpath import arrays
from app.malls.models import Store
from app.purchases.claims.claims import Wish
from app.purchases.claims.models import ReceiptClaim
from app.purchases.models import InboxReceipt, Purchase
from app.purchases.rules import MEMBER_SOURCES, member_number


class Told(Protocol):
    """What is looked for."""

    @property
    def store_id(self) -> int: ...

    @property
    def receipt_no(self) -> str: ...

    @property
    def amount_fen(self) -> int: ...

    @property
    def business_day(self) -> date: ...


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
    found = find_purchase(wish.store, wish.receipt_no, amount_fen=wish.amount_fen, day=wish.day)
    return None if found is None else found.member_id


def find_purchase(store: Store, receipt_no: str, *, amount_fen: int, day: date) -> Purchase | None:
    """The purchase that fits in all four, by the number it was recorded with; None when there is none."""
    numbers = [receipt_no, member_number(store.code, receipt_no)]
    rows = db.session.scalars(
        select(Purchase).where(
            Purchase.mall_id == store.mall_id,
            Purchase.receipt_no.in_(numbers),
            Purchase.store_id == store.id,
            Purchase.occurred_at >= clock.start_of_day(day),
            Purchase.occurred_at < clock.start_of_day(day + timedelta(days=1)),
            Purchase.amount_fen == amount_fen,
            Purchase.refund_of_id.is_(None),
        )
    )
    found = [row for row in rows if (row.receipt_no == numbers[0]) != (row.source in MEMBER_SOURCES)]
    return found[0] if found else None


def find_other_sum(told: Told, store: Store) -> int | None:
    """What the store's receipt of this number and day came to, where it is another sum; None when there is none."""
    since, until = clock.start_of_day(told.business_day), clock.start_of_day(told.business_day + timedelta(days=1))
    numbers = [told.receipt_no, member_number(store.code, told.receipt_no)]
    sums = [
        select(one.amount_fen).where(
            one.mall_id == store.mall_id,
            one.receipt_no.in_(numbers),
            one.store_id == store.id,
            one.occurred_at >= since,
            one.occurred_at < until,
            one.amount_fen > 0,
            one.amount_fen != told.amount_fen,
        )
        for one in (Purchase, InboxReceipt)
    ]
    return next((found for query in sums if (found := db.session.scalar(query.limit(1))) is not None), None)


def list_like(told: Told, *, limit: int) -> list[Purchase | InboxReceipt]:
    """Receipts of the store with this sum on this day under whatever number, a member's first: maybe the same one."""
    since, until = clock.start_of_day(told.business_day), clock.start_of_day(told.business_day + timedelta(days=1))
    found: list[Purchase | InboxReceipt] = []
    for one in (Purchase, InboxReceipt):
        within = (one.store_id == told.store_id, one.occurred_at >= since, one.occurred_at < until)
        found += db.session.scalars(select(one).where(*within, one.amount_fen == told.amount_fen).limit(limit))
    return found[:limit]


def list_with_like(claimed: Sequence[ReceiptClaim]) -> set[int]:
    """Those claims whose member has a purchase like it: the same store, sum and day, whatever number."""
    rows = [
        (one.id, one.member_id, one.store_id, one.amount_fen, *clock.day_bounds(one.business_day)) for one in claimed
    ]
    if not rows:
        return set()
    given = arrays.given_rows("claimed", _CLAIMED, rows)
    like = (
        select(Purchase.id)
        .where(
            Purchase.member_id == given.c.member_id,
            Purchase.store_id == given.c.store_id,
            Purchase.amount_fen == given.c.amount_fen,
            Purchase.occurred_at >= given.c.begins,
            Purchase.occurred_at < given.c.ends,
            Purchase.refund_of_id.is_(None),
        )
        .exists()
    )
    return set(db.session.scalars(select(given.c.id).where(like)))


_CLAIMED: arrays.Kinds = {
    "id": BigInteger(),
    "member_id": BigInteger(),
    "store_id": BigInteger(),
    "amount_fen": BigInteger(),
    "begins": Moment(),
    "ends": Moment(),
}
