"""A card that takes many people's purchases: tills ring up whoever shows none under one phone, a clerk's or a stopgap.

Nothing is refused, because a family at a food court or a company's dinner looks alike; people are asked, once for a
member and a day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, tuple_

from app.access.models import Role
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.kernel import clock
from app.kernel.db import db
from app.kernel.lists.days import day_of
from app.malls import queries as malls
from app.purchases.models import Purchase

SHARED_CARD = CaseKind(
    code="shared_card",
    role=Role.OPERATIONS,
    within=timedelta(days=3),
    outcomes={"own": None, "warned": None, "taken_back": None},
)
# Nobody comes to one till so often in a day, or to any in a mall.
MANY_IN_A_STORE = 6
MANY_IN_A_MALL = 12
# How many stores a case points at.
_MOST_STORES = 3

# A mall, a member and a day there.
_Key = tuple[int, int, date]


@dataclass(frozen=True, slots=True)
class _InStore:
    """What a member bought in a store on a day."""

    store_id: int
    receipts: int
    amount_fen: int


def raise_cases(*, now: datetime, limit: int) -> int:
    """Ask about every member with too many purchases yesterday or today; returns how many were new."""
    found = {_subject(key): (key, stores) for key, stores in _list_busy(now).items() if _is_odd(stores)}
    new = case_queries.list_new(SHARED_CARD, found.keys(), limit=limit)
    return sum(_ask(subject, *found[subject], now=now) for subject in new)


def _list_busy(now: datetime) -> Mapping[_Key, Sequence[_InStore]]:
    """Who bought often enough to be looked at, with what they bought in each store, the busiest first."""
    day = day_of(Purchase.occurred_at)
    who = (Purchase.mall_id, Purchase.member_id, day)
    bought = (
        Purchase.mall_id.in_([mall.id for mall in malls.list_malls()]),
        Purchase.occurred_at >= clock.start_of_day(clock.business_date(now) - timedelta(days=1)),
        Purchase.refund_of_id.is_(None),
    )
    busy = select(*who).where(*bought).group_by(*who).having(func.count() >= MANY_IN_A_STORE)
    keys = [tuple(row) for row in db.session.execute(busy)]
    counts = (func.count().label("receipts"), func.sum(Purchase.amount_fen).label("amount_fen"))
    rows = db.session.execute(
        select(*who, Purchase.store_id, *counts)
        .where(*bought, tuple_(*who).in_(keys))
        .group_by(*who, Purchase.store_id)
        .order_by(func.count().desc(), Purchase.store_id)
    )
    found: dict[_Key, list[_InStore]] = {}
    for mall_id, member_id, on, store_id, receipts, amount_fen in rows:
        found.setdefault((mall_id, member_id, on), []).append(_InStore(store_id, receipts, int(amount_fen)))
    return found


def _is_odd(stores: Sequence[_InStore]) -> bool:
    return stores[0].receipts >= MANY_IN_A_STORE or sum(one.receipts for one in stores) >= MANY_IN_A_MALL


def _subject(key: _Key) -> str:
    mall_id, member_id, day = key
    return f"shared_card:{mall_id}-{member_id}-{day}"


def _ask(subject: str, key: _Key, stores: Sequence[_InStore], *, now: datetime) -> bool:
    mall_id, member_id, day = key
    in_one = stores[0].receipts >= MANY_IN_A_STORE
    told = stores[:1] if in_one else stores
    return cases.raise_case(
        SHARED_CARD,
        subject,
        mall_id=mall_id,
        reason="one_store" if in_one else "many_stores",
        facts={
            "day": str(day),
            "store": malls.get_store(stores[0].store_id).name,
            "stores": len(stores),
            "receipts": sum(one.receipts for one in told),
            "amount_fen": sum(one.amount_fen for one in told),
        },
        evidence=[f"member:{member_id}", *(f"store:{one.store_id}" for one in stores[:_MOST_STORES])],
        now=now,
    )
