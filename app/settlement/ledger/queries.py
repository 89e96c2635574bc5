"""Reading books and postings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func, select, true

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
    # Merchant by merchant: the index has each book's days in a row, with their amounts.
    waiting = (
        select(func.count().label("posting_count"), whole(func.coalesce(func.sum(Posting.amount_fen), 0)).label("fen"))
        .where(
            Posting.mall_id == mall_id,
            Posting.merchant_id == Book.merchant_id,
            Posting.accounting_day >= Book.first_open_day,
            Posting.accounting_day < before,
        )
        .lateral()
    )
    rows = db.session.execute(
        select(Book.merchant_id, Merchant.name, Book.first_open_day, waiting.c.posting_count, waiting.c.fen)
        .join_from(Book, Merchant, Merchant.id == Book.merchant_id)
        .join(waiting, true())
        .where(Book.mall_id == mall_id, Book.first_open_day < before)
        .order_by(Book.merchant_id)
    )
    return [OpenBook(*row) for row in rows]


def find_period_to_close(mall_id: int) -> date | None:
    """The month of the mall's oldest open day: the one that is closed next; None without books."""
    first = db.session.scalar(select(func.min(Book.first_open_day)).where(Book.mall_id == mall_id))
    return None if first is None else first.replace(day=1)
