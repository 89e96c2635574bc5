"""Purchases and refunds on given days, as rows: what follows from them is not the business of who reads them."""

import itertools
from collections.abc import Iterable
from datetime import date, datetime, time

from sqlalchemy import insert

from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db
from app.malls.models import Store
from app.purchases.models import Purchase

_numbers = itertools.count(1)


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    """A moment of the mall's day."""
    return datetime.combine(day, time(hour, minute), clock.MALL_ZONE)


def buy(member: Member, store: Store, moment: datetime, fen: int, *, refund_of: Purchase | None = None) -> Purchase:
    """A purchase; below zero a refund, which names its purchase."""
    purchase = Purchase(**_row(member, store, moment, fen), refund_of_id=refund_of.id if refund_of else None)
    db.session.add(purchase)
    db.session.flush()
    return purchase


def buy_often(purchases: Iterable[tuple[Member, date, int]], store: Store) -> None:
    """Purchases of many: who, on which day, for how much."""
    rows = [_row(member, store, at(day), fen) for member, day, fen in purchases]
    if rows:
        db.session.execute(insert(Purchase), rows)


def _row(member: Member, store: Store, moment: datetime, fen: int) -> dict[str, object]:
    return {
        "member_id": member.id,
        "source": "pos",
        "receipt_no": f"bought-{next(_numbers)}",
        "mall_id": store.mall_id,
        "merchant_id": store.merchant_id,
        "store_id": store.id,
        "occurred_at": moment,
        "amount_fen": fen,
        "is_first": False,
        "recorded_at": moment,
    }
