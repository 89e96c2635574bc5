"""Receipts that wait: held under their taken numbers, freed when what they waited for is there."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, literal, select, update

from app.kernel.db import db, table_of
from app.kernel.fastpath.entities import PreparedEntities
from app.malls.models import Store
from app.purchases import details, tellings
from app.purchases.aliases.models import StoreAlias
from app.purchases.rules import Receipt
from app.purchases.waiting.models import WaitingReceipt, Why


class Place(NamedTuple):
    """Where a receipt that waits comes from: `store` None while its code says nothing to us."""

    mall_id: int
    merchant_id: int | None
    store: Store | None


def at(store: Store) -> Place:
    """A store that is known."""
    return Place(store.mall_id, store.merchant_id, store)


def hold(
    receipt: Receipt, place: Place, why: Why, *, member_id: int | None, effects: str, now: datetime
) -> WaitingReceipt:
    """Let a receipt whose number is taken wait."""
    row = WaitingReceipt(
        why=why.value,
        source=receipt.source,
        receipt_no=receipt.receipt_no,
        mall_id=place.mall_id,
        merchant_id=place.merchant_id,
        store_id=place.store.id if place.store is not None else None,
        store_code=receipt.store_code,
        occurred_at=receipt.occurred_at,
        amount_fen=receipt.amount_fen,
        refund_of=receipt.refund_of,
        details=details.details_of(receipt),
        member_id=member_id,
        effects=effects,
        recorded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    tellings.point(receipt.key, waiting_id=row.id)
    return row


def receipt_of(row: WaitingReceipt) -> Receipt:
    """The receipt as its source told it."""
    return Receipt(
        source=row.source,
        receipt_no=row.receipt_no,
        store_code=row.store_code,
        occurred_at=row.occurred_at,
        amount_fen=row.amount_fen,
        refund_of=row.refund_of,
        **details.read(row.details),
    )


def find(waiting_id: int) -> WaitingReceipt | None:
    """What waits, as it stands now."""
    return db.session.scalar(
        select(WaitingReceipt).where(WaitingReceipt.id == waiting_id).execution_options(populate_existing=True)
    )


def lock(waiting_id: int) -> WaitingReceipt | None:
    """What waits, FOR UPDATE; None when it waits no longer."""
    return db.session.scalar(
        select(WaitingReceipt)
        .where(WaitingReceipt.id == waiting_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def list_refunds(source: str, receipt_no: str, *, merchant_id: int) -> Sequence[WaitingReceipt]:
    """The merchant's refunds that wait for the receipt, in the order in which they came."""
    return _REFUNDS.all(of_source=source, refunded=receipt_no, of_merchant=merchant_id)


_ROW = table_of(WaitingReceipt)
_REFUNDS = PreparedEntities(
    WaitingReceipt,
    select(_ROW)
    .where(
        _ROW.c.source == bindparam("of_source"),
        _ROW.c.refund_of == bindparam("refunded"),
        _ROW.c.why == literal(Why.PURCHASE.value),
        _ROW.c.merchant_id == bindparam("of_merchant"),
        _ROW.c.dismissed_at.is_(None),
    )
    .order_by(_ROW.c.id),
)


def free(row: WaitingReceipt) -> None:
    """It waits no longer: what its number becomes now is for the caller to say."""
    db.session.execute(delete(WaitingReceipt).where(WaitingReceipt.id == row.id))


def list_of_known_stores(*, limit: int) -> Sequence[tuple[WaitingReceipt, Store]]:
    """Receipts whose store people have named meanwhile, the oldest first; those that were refused then are left out."""
    named = (
        (StoreAlias.mall_id == WaitingReceipt.mall_id)
        & (StoreAlias.source == WaitingReceipt.source)
        & (StoreAlias.code == WaitingReceipt.store_code)
    )
    rows = db.session.execute(
        select(WaitingReceipt, Store)
        .join(StoreAlias, named)
        .join(Store, Store.id == StoreAlias.store_id)
        .where(
            WaitingReceipt.why == Why.STORE,
            WaitingReceipt.dismissed_at.is_(None),
            WaitingReceipt.obstacle.is_(None),
        )
        .order_by(WaitingReceipt.occurred_at, WaitingReceipt.id)
        .limit(limit)
    )
    return list(rows.tuples())


def clear_obstacles(mall_id: int, source: str, code: str) -> None:
    """People have named the store anew: what was refused is tried once more."""
    theirs = (WaitingReceipt.mall_id == mall_id) & (WaitingReceipt.source == source)
    db.session.execute(
        update(WaitingReceipt)
        .where(theirs, WaitingReceipt.store_code == code, WaitingReceipt.why == Why.STORE)
        .values(obstacle=None)
    )


def note_obstacle(row: WaitingReceipt, code: str) -> None:
    """It could not be recorded when it should: a refund whose purchase has come, a receipt whose store was named."""
    db.session.execute(update(WaitingReceipt).where(WaitingReceipt.id == row.id).values(obstacle=code))


def note_buyer(row: WaitingReceipt, member_id: int) -> None:
    """The source has sent the receipt again, and said who bought."""
    known = (WaitingReceipt.id == row.id) & WaitingReceipt.member_id.is_(None)
    db.session.execute(update(WaitingReceipt).where(known).values(member_id=member_id))


def dismiss(row: WaitingReceipt, *, by: str, reason: str, now: datetime) -> None:
    """Nothing will follow from it; its number stays taken."""
    set_aside = {"dismissed_at": now, "dismissed_by": by, "dismissed_for": reason}
    db.session.execute(update(WaitingReceipt).where(WaitingReceipt.id == row.id).values(**set_aside))


def forget_buyers(member_ids: Sequence[int]) -> None:
    """Of those who leave: what waits is nobody's from now on."""
    db.session.execute(update(WaitingReceipt).where(WaitingReceipt.member_id.in_(member_ids)).values(member_id=None))
