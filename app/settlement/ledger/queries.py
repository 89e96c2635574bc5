"""Reading books and postings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, select

from app.kernel.db import db
from app.kernel.facts import Fact
from app.malls.models import Merchant
from app.settlement.ledger.models import Book, Posting, PostingKind


def whole(amount: ColumnElement[Any]) -> ColumnElement[int]:
    """PostgreSQL sums bigint to numeric; a month of fen fits a bigint."""
    return cast(amount, BigInteger)


@dataclass(frozen=True, slots=True)
class OpenBook:
    """A merchant's book, and what is posted in it but not yet in a statement."""

    merchant_id: int
    merchant_name: str
    first_open_day: date
    posting_count: int
    amount_fen: int


def list_postings_of_fact(fact: Fact) -> Sequence[Posting]:
    """Every posting of one fact, such as `redemption:<public id>`, in the order they were written."""
    return db.session.scalars(
        select(Posting).where(Posting.kind.in_(list(PostingKind)), Posting.fact == fact).order_by(Posting.id)
    ).all()


def list_open_books(mall_id: int, *, before: date = date.max) -> list[OpenBook]:
    """The mall's books with what waits in them for the next closing, by merchant; with `before` only earlier days.

    Then books that open on that day or later are left out.
    """
    oldest = select(func.min(Book.first_open_day)).where(Book.mall_id == mall_id).scalar_subquery()
    # Summed by day before it is joined: one pass, where a join by each book's own day looks up merchant by merchant.
    days = (
        select(
            Posting.merchant_id,
            Posting.accounting_day,
            func.count().label("posting_count"),
            func.sum(Posting.amount_fen).label("amount_fen"),
        )
        .where(Posting.mall_id == mall_id, Posting.accounting_day >= oldest, Posting.accounting_day < before)
        .group_by(Posting.merchant_id, Posting.accounting_day)
        .subquery()
    )
    is_open = and_(days.c.merchant_id == Book.merchant_id, days.c.accounting_day >= Book.first_open_day)
    rows = db.session.execute(
        select(
            Book.merchant_id,
            Merchant.name,
            Book.first_open_day,
            whole(func.coalesce(func.sum(days.c.posting_count), 0)),
            whole(func.coalesce(func.sum(days.c.amount_fen), 0)),
        )
        .join_from(Book, Merchant, Merchant.id == Book.merchant_id)
        .outerjoin(days, is_open)
        .where(Book.mall_id == mall_id, Book.first_open_day < before)
        .group_by(Book.merchant_id, Merchant.name, Book.first_open_day)
        .order_by(Book.merchant_id)
    )
    return [OpenBook(*row) for row in rows]


def find_period_to_close(mall_id: int) -> date | None:
    """The month of the mall's oldest open day: the one that is closed next; None without books."""
    first = db.session.scalar(select(func.min(Book.first_open_day)).where(Book.mall_id == mall_id))
    return None if first is None else first.replace(day=1)
