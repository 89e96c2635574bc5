"""Reading contracts: which merchants of a mall have terms now, and how far their books are."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.malls.models import Merchant, Store
from app.settlement.contracts import contracts
from app.settlement.contracts.models import ContractTerms
from app.settlement.ledger.models import Book

ORDER = Order(Merchant.id)


@dataclass(frozen=True, slots=True)
class Contract:
    """A merchant with stores or a book in a mall; without terms in force or a book those are None."""

    merchant: Merchant
    first_open_day: date | None
    terms: ContractTerms | None


def list_contracts(
    mall_id: int, *wanted: ColumnElement[bool], on: date, order: Order = ORDER, asked: Asked = FIRST
) -> Page[Contract]:
    """A page of the mall's merchants, by id if not asked otherwise, each with the terms that hold on the day."""
    query = (
        select(Merchant, Book.first_open_day)
        .outerjoin(Book, (Book.merchant_id == Merchant.id) & (Book.mall_id == mall_id))
        .where(is_in(mall_id), *wanted)
    )
    page = keyset.rows(query, order, asked)
    terms = contracts.terms_on(on, mall_id=mall_id, merchant_ids=[merchant.id for merchant, _ in page])
    return page.with_items([Contract(merchant, first_day, terms.get(merchant.id)) for merchant, first_day in page])


def get_merchant(mall_id: int, code: str) -> tuple[Merchant, date | None]:
    """A merchant of the mall and the first open day of its book there; raises NotFound."""
    row = db.session.execute(
        select(Merchant, Book.first_open_day)
        .outerjoin(Book, (Book.merchant_id == Merchant.id) & (Book.mall_id == mall_id))
        .where(Merchant.code == code, is_in(mall_id))
    ).first()
    if row is None:
        raise NotFound(merchant=code)
    return row.Merchant, row.first_open_day


def is_in(mall_id: int) -> ColumnElement[bool]:
    """The condition that a merchant has stores or a book in the mall."""
    stores = select(Store.merchant_id).where(Store.mall_id == mall_id)
    books = select(Book.merchant_id).where(Book.mall_id == mall_id)
    return Merchant.id.in_(stores.union(books))
