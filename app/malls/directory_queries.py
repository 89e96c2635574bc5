"""Reading the directory of a mall for those who keep it."""

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.malls.models import Merchant, Store

STORE_ORDER = Order(Store.id.desc())
MERCHANT_ORDER = Order(Merchant.id)


def list_stores(
    *wanted: ColumnElement[bool], order: Order = STORE_ORDER, asked: Asked = FIRST
) -> Page[tuple[Store, Merchant]]:
    """A page of stores, closed ones too, with their merchants, the newest first."""
    return keyset.rows(_select_stores().where(*wanted), order, asked)


def get_store(code: str, *, visible: ColumnElement[bool]) -> tuple[Store, Merchant]:
    """The store with its merchant if it is visible; raises NotFound."""
    found = db.session.execute(_select_stores().where(Store.code == code, visible)).tuples().first()
    if found is None:
        raise NotFound(store=code)
    return found


def _select_stores() -> Select[tuple[Store, Merchant]]:
    return select(Store, Merchant).join(Merchant, Merchant.id == Store.merchant_id)


def list_merchants(
    mall_id: int, *wanted: ColumnElement[bool], order: Order = MERCHANT_ORDER, asked: Asked = FIRST
) -> Page[tuple[Merchant, int]]:
    """A page of the merchants that concern a mall, and how many stores they have here, by id if not asked otherwise."""
    here = func.count(Store.id)
    query = (
        select(Merchant, here)
        .outerjoin(Store, (Store.merchant_id == Merchant.id) & (Store.mall_id == mall_id))
        .where(concerns(mall_id), *wanted)
        .group_by(Merchant.id)
    )
    return keyset.rows(query, order, asked)


def get_merchant(mall_id: int, code: str) -> Merchant:
    """A merchant as `list_merchants` lists them; raises NotFound."""
    merchant = db.session.scalar(select(Merchant).where(Merchant.code == code, concerns(mall_id)))
    if merchant is None:
        raise NotFound(merchant=code)
    return merchant


def find_merchant_named(mall_id: int, word: str) -> Merchant | None:
    """The mall's merchant, by its code or, the oldest of them, by its name; not what another mall has just added."""
    has_stores = Merchant.id.in_(select(Store.merchant_id).where(Store.mall_id == mall_id))
    is_added_here = func.coalesce(Merchant.added_in_mall_id, mall_id) == mall_id
    named = select(Merchant).where(
        or_(Merchant.code == word, Merchant.name == word), has_stores | (is_added_here & concerns(mall_id))
    )
    return db.session.scalar(named.order_by(Merchant.code != word, Merchant.id).limit(1))


def list_malls_of(merchant: Merchant) -> set[int | None]:
    """The malls that keep the merchant: where it has stores or, without any, where it was added; None: not known."""
    found = db.session.scalars(select(Store.mall_id).where(Store.merchant_id == merchant.id).distinct())
    return set(found) or {merchant.added_in_mall_id}


def concerns(mall_id: int) -> ColumnElement[bool]:
    """The condition that a merchant has stores in the mall, or none anywhere yet.

    A merchant of other malls only is nobody's business here.
    """
    with_stores = select(Store.merchant_id)
    return Merchant.id.in_(with_stores.where(Store.mall_id == mall_id)) | Merchant.id.not_in(with_stores)
