"""Reading the directory of a mall for those who keep it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, select

from app.kernel.db import db
from app.kernel.errors import NotFound
from app.malls.models import Merchant, Store


def list_stores(*wanted: ColumnElement[bool], limit: int = 50) -> Sequence[tuple[Store, Merchant]]:
    """A page of stores, closed ones too, with their merchants, the newest first."""
    rows = db.session.execute(
        select(Store, Merchant)
        .join(Merchant, Merchant.id == Store.merchant_id)
        .where(*wanted)
        .order_by(Store.id.desc())
        .limit(limit)
    )
    return [(store, merchant) for store, merchant in rows]


def get_store(code: str, *, visible: ColumnElement[bool]) -> tuple[Store, Merchant]:
    """The store with its merchant if it is visible; raises NotFound."""
    found = list_stores(Store.code == code, visible, limit=1)
    if not found:
        raise NotFound(store=code)
    return found[0]


def list_merchants(mall_id: int, *, after_id: int = 0, limit: int = 50) -> Sequence[tuple[Merchant, int]]:
    """A page of the merchants with stores in the mall, or with none anywhere yet, and how many stores they have here.

    By id. A merchant of other malls only is nobody's business here.
    """
    here = func.count(Store.id)
    rows = db.session.execute(
        select(Merchant, here)
        .outerjoin(Store, (Store.merchant_id == Merchant.id) & (Store.mall_id == mall_id))
        .where(Merchant.id > after_id, _concerns(mall_id))
        .group_by(Merchant.id)
        .order_by(Merchant.id)
        .limit(limit)
    )
    return [(merchant, int(count)) for merchant, count in rows]


def get_merchant(mall_id: int, code: str) -> Merchant:
    """A merchant as `list_merchants` lists them; raises NotFound."""
    merchant = db.session.scalar(select(Merchant).where(Merchant.code == code, _concerns(mall_id)))
    if merchant is None:
        raise NotFound(merchant=code)
    return merchant


def has_stores_outside(merchant_id: int, within: ColumnElement[bool]) -> bool:
    """Whether the merchant has a store that the condition does not keep."""
    return bool(db.session.scalar(select(exists().where(Store.merchant_id == merchant_id, ~within))))


def _concerns(mall_id: int) -> ColumnElement[bool]:
    with_stores = select(Store.merchant_id)
    return Merchant.id.in_(with_stores.where(Store.mall_id == mall_id)) | Merchant.id.not_in(with_stores)
