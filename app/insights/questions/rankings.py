"""Which stores sell most to members."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import BigInteger, cast, func, select

from app.insights.questions.figures import Span
from app.kernel.db import db
from app.malls.models import Store
from app.purchases.models import Purchase


@dataclass(frozen=True, slots=True)
class Selling:
    """A store with what members paid there in a span, less refunds, and in the span that it is compared with."""

    code: str
    name: str
    floor: str
    sales_fen: int
    receipts: int
    before_fen: int


def list_selling(mall_id: int, span: Span, before: Span, *, most: int) -> list[Selling]:
    """The stores with the highest sales in the span, each with its sales in the earlier one."""
    stores = {store.id: store for store in db.session.scalars(select(Store).where(Store.mall_id == mall_id))}
    total = cast(func.sum(Purchase.amount_fen), BigInteger)
    rows = db.session.execute(
        select(Purchase.store_id, total, func.count())
        .where(Purchase.store_id.in_(list(stores)), span.holds(Purchase.occurred_at))
        .group_by(Purchase.store_id)
        .order_by(total.desc(), Purchase.store_id)
        .limit(most)
    ).all()
    earlier = _sums([store_id for store_id, _, _ in rows], before)
    return [
        Selling(
            stores[store_id].code,
            stores[store_id].name,
            stores[store_id].floor,
            int(sales),
            int(receipts),
            earlier.get(store_id, 0),
        )
        for store_id, sales, receipts in rows
    ]


def _sums(store_ids: Collection[int], span: Span) -> dict[int, int]:
    rows = db.session.execute(
        select(Purchase.store_id, cast(func.sum(Purchase.amount_fen), BigInteger))
        .where(Purchase.store_id.in_(list(store_ids)), span.holds(Purchase.occurred_at))
        .group_by(Purchase.store_id)
    )
    return {store_id: int(sales) for store_id, sales in rows}
