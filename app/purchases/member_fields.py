"""What members can be asked for: what they spent, how often, where and on what.

Sums are net, a refund counting on its own day; purchases that were refunded wholly are none, free ones are.
"""

from collections.abc import Mapping

from sqlalchemy import BigInteger, ColumnElement, Text, and_, cast, func, or_, select, true

from app.identity.asking.fields import Asking, Field, Kind, Rows, Unit, by_code
from app.kernel.db import db, table_of
from app.malls.models import Store
from app.purchases.models import Purchase

_PURCHASES = table_of(Purchase)
_one, _refunds = _PURCHASES.c, _PURCHASES.alias("refunds").c
_refunded = (
    select(_refunds.member_id, _refunds.refund_of_id, func.sum(_refunds.amount_fen).label("fen"))
    .where(_refunds.refund_of_id.is_not(None))
    .group_by(_refunds.member_id, _refunds.refund_of_id)
    .subquery("refunded")
)
_RECEIPTS = Rows(
    name="receipts",
    table=_PURCHASES,
    member_id=_one.member_id,
    at=_one.occurred_at,
    beside=((_refunded, and_(_refunded.c.member_id == _one.member_id, _refunded.c.refund_of_id == _one.id)),),
)
_COUNTS = (_one.refund_of_id.is_(None), or_(_refunded.c.fen.is_(None), _one.amount_fen + _refunded.c.fen > 0))


def _spend(asking: Asking) -> ColumnElement[int]:
    return cast(asking.over(_RECEIPTS, func.sum(_one.amount_fen)), BigInteger)


def _purchases(asking: Asking) -> ColumnElement[int]:
    return asking.over(_RECEIPTS, func.count(), *_COUNTS)


def _ticket(asking: Asking) -> ColumnElement[int]:
    """Net spend by purchase, in whole fen; of who bought nothing there is none."""
    return _spend(asking) // func.nullif(_purchases(asking), 0)


def _in_categories(asking: Asking) -> ColumnElement[bool]:
    stores = select(Store.id).where(Store.category_code.in_(asking.codes))
    return asking.over(_RECEIPTS, func.bool_or(true()), *_COUNTS, _one.store_id.in_(stores))


def _in_stores(asking: Asking) -> ColumnElement[bool]:
    store_ids = [int(code) for code in asking.codes]
    return asking.over(_RECEIPTS, func.bool_or(true()), *_COUNTS, _one.store_id.in_(store_ids))


def _category_codes(mall_id: int | None) -> Mapping[str, str]:
    own = () if mall_id is None else (Store.mall_id == mall_id,)
    found = db.session.scalars(select(Store.category_code).distinct().where(*own).order_by(Store.category_code))
    return dict.fromkeys(found, "")


def _store_codes(mall_id: int | None) -> Mapping[str, str]:
    own = () if mall_id is None else (Store.mall_id == mall_id,)
    found = select(cast(Store.id, Text), Store.name).where(*own).order_by(Store.name, Store.id)
    return dict(db.session.execute(found).tuples().all())


FIELDS = by_code(
    Field(code="spend", kind=Kind.NUMBER, unit=Unit.FEN, subject="spend", value=_spend, has_window=True),
    Field(code="purchases", kind=Kind.NUMBER, unit=Unit.TIMES, subject="spend", value=_purchases, has_window=True),
    Field(
        code="ticket",
        kind=Kind.NUMBER,
        unit=Unit.FEN,
        subject="spend",
        value=_ticket,
        starts_at_0=False,
        has_window=True,
    ),
    Field(
        code="last_purchase",
        kind=Kind.DAY,
        subject="spend",
        value=lambda asking: asking.over(_RECEIPTS, func.max(_one.occurred_at), *_COUNTS),
    ),
    Field(
        code="bought_categories",
        kind=Kind.SET,
        subject="spend",
        value=_in_categories,
        codes=_category_codes,
        has_window=True,
    ),
    Field(code="bought_stores", kind=Kind.SET, subject="spend", value=_in_stores, codes=_store_codes, has_window=True),
)
