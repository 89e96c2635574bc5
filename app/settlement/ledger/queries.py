"""Reading books and postings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func, select

from app.kernel.day_sums.reading import DaySums
from app.kernel.db import db
from app.kernel.facts import Fact
from app.malls.models import Merchant
from app.settlement.ledger.day_sums import POSTED
from app.settlement.ledger.models import Book, Posting, PostingKind

_DAY = timedelta(days=1)


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
    rows = db.session.execute(
        select(Book.merchant_id, Merchant.name, Book.first_open_day)
        .join_from(Book, Merchant, Merchant.id == Book.merchant_id)
        .where(Book.mall_id == mall_id, Book.first_open_day < before)
        .order_by(Book.merchant_id)
    ).all()
    waiting = _sum_open({merchant_id: day for merchant_id, _, day in rows}, mall_id, before=before)
    return [OpenBook(book.merchant_id, book.name, book.first_open_day, *waiting[book.merchant_id]) for book in rows]


def _sum_open(first_open_days: Mapping[int, date], mall_id: int, *, before: date) -> dict[int, tuple[int, int]]:
    """Postings of each book that no statement has: how many, and their sum in fen."""
    found = dict.fromkeys(first_open_days, (0, 0))
    sums, last = DaySums(mall_id, [POSTED]), min(before, date.max - _DAY) - _DAY
    for first in {_begin(day) for day in first_open_days.values()}:
        keys = [merchant_id for merchant_id, day in first_open_days.items() if _begin(day) == first]
        summed = sums.by_key(POSTED, first=first, last=last, keys=keys)
        found |= {merchant_id: (one.count, one.amount) for merchant_id, one in summed.items()}
    return found


def _begin(first_open_day: date) -> date | None:
    """Closing opens a book on the first of a month; one that opens on another day has nothing before it."""
    return first_open_day if first_open_day.day == 1 else None


def find_period_to_close(mall_id: int) -> date | None:
    """The month of the mall's oldest open day: the one that is closed next; None without books."""
    first = db.session.scalar(select(func.min(Book.first_open_day)).where(Book.mall_id == mall_id))
    return None if first is None else first.replace(day=1)
