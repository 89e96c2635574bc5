"""Which stores sell most to members."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from app.insights.questions.figures import Counted
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


def list_selling(present: Counted, before: Counted, *, most: int) -> list[Selling]:
    """The stores with the highest sales in a span, each with its sales in the earlier one."""
    sales, earlier = present.of(SALES), before.of(SALES)
    best = sorted(sales.items(), key=lambda item: (-item[1].amount, item[0]))[:most]
    stores = _name([store_id for store_id, _ in best])
    return [
        Selling(
            *stores[store_id],
            sales_fen=one.amount,
            receipts=one.count,
            before_fen=earlier.get(store_id, NOTHING).amount,
        )
        for store_id, one in best
    ]


def _name(store_ids: Collection[int]) -> dict[int, tuple[str, str, str]]:
    """Code, name and floor by id."""
    if not store_ids:
        return {}
    rows = db.session.execute(select(Store.id, Store.code, Store.name, Store.floor).where(Store.id.in_(store_ids)))
    return {store_id: (code, name, floor) for store_id, code, name, floor in rows}
