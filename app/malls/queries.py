"""Reading malls, merchants and stores."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select

from app.kernel.db import db, table_of
from app.kernel.errors import NotFound
from app.kernel.fastpath.entities import PreparedEntities
from app.kernel.lists.labels import labels_of
from app.malls.models import Mall, Merchant, Store

_STORES = table_of(Store)
_BY_CODE = PreparedEntities(Store, select(_STORES).where(_STORES.c.code == bindparam("code")))


def get_mall(mall_id: int) -> Mall:
    """The mall; raises NotFound."""
    mall = db.session.get(Mall, mall_id)
    if mall is None:
        raise NotFound(mall_id=mall_id)
    return mall


def find_mall_by_code(code: str) -> Mall | None:
    return db.session.scalar(select(Mall).where(Mall.code == code))


def list_malls() -> Sequence[Mall]:
    """Every mall, the oldest first."""
    return db.session.scalars(select(Mall).order_by(Mall.id)).all()


def get_store(store_id: int) -> Store:
    """The store; raises NotFound."""
    store = db.session.get(Store, store_id)
    if store is None:
        raise NotFound(store_id=store_id)
    return store


def find_store_by_code(code: str) -> Store | None:
    return _BY_CODE.first(code=code)


def find_stores_by_code(codes: Collection[str]) -> dict[str, Store]:
    """Those of the codes that a store of the group bears."""
    return {store.code: store for store in db.session.scalars(select(Store).where(Store.code.in_(sorted(codes))))}


def list_stores(*, mall_id: int) -> Sequence[Store]:
    """The mall's stores by floor and name."""
    return db.session.scalars(
        select(Store).where(Store.mall_id == mall_id).order_by(Store.floor, Store.name, Store.id)
    ).all()


def list_store_codes(mall_id: int, *, merchant_id: int) -> Sequence[str]:
    """The codes of a merchant's stores in a mall, of closed ones too."""
    return db.session.scalars(
        select(Store.code).where(Store.mall_id == mall_id, Store.merchant_id == merchant_id)
    ).all()


def list_open_stores(mall_id: int) -> Sequence[Store]:
    """The stores of a mall that are in business."""
    return db.session.scalars(select(Store).where(Store.mall_id == mall_id, Store.active).order_by(Store.id)).all()


def get_merchant(merchant_id: int) -> Merchant:
    """The merchant; raises NotFound."""
    merchant = db.session.get(Merchant, merchant_id)
    if merchant is None:
        raise NotFound(merchant_id=merchant_id)
    return merchant


def find_merchant_by_code(code: str) -> Merchant | None:
    return db.session.scalar(select(Merchant).where(Merchant.code == code))


def mall_names_of(mall_ids: Collection[int]) -> dict[int, str]:
    """Names of malls by id."""
    return labels_of(Mall.id, Mall.name, mall_ids)


def store_names_of(store_ids: Collection[int]) -> dict[int, str]:
    """Names of stores by id."""
    return labels_of(Store.id, Store.name, store_ids)


def merchant_names_of(merchant_ids: Collection[int]) -> dict[int, str]:
    """Names of merchants by id."""
    return labels_of(Merchant.id, Merchant.name, merchant_ids)
