"""Which stores sell most to members."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.insights.questions.figures import Span
from app.kernel.day_sums.reading import DaySums
from app.kernel.day_sums.series import NOTHING
from app.kernel.db import db
from app.malls.models import Store
from app.purchases.day_sums import SALES


@dataclass(frozen=True, slots=True)
class Selling:
    """A store with what members paid there in a span, less refunds, and in the span that it is compared with."""

    code: str
    name: str
    floor: str
    sales_fen: int
    receipts: int
    before_fen: int


def list_selling(sums: DaySums, span: Span, before: Span, *, most: int) -> list[Selling]:
    """The stores with the highest sales in the span, each with its sales in the earlier one."""
    sales, earlier = sums.between(SALES, span.since, span.until), sums.between(SALES, before.since, before.until)
    best = sorted(sales.items(), key=lambda item: (-item[1].amount, item[0]))[:most]
    stores = {store.id: store for store in _list_stores([store_id for store_id, _ in best])}
    return [
        Selling(
            stores[store_id].code,
            stores[store_id].name,
            stores[store_id].floor,
            one.amount,
            one.count,
            earlier.get(store_id, NOTHING).amount,
        )
        for store_id, one in best
    ]


def _list_stores(store_ids: Collection[int]) -> Sequence[Store]:
    return db.session.scalars(select(Store).where(Store.id.in_(store_ids))).all()
