"""Postings by the thousand: what `postings` does one by one, in a few statements; for imports."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from operator import attrgetter

from sqlalchemy import select, tuple_

from app.kernel.day_sums import marks
from app.kernel.db import db
from app.kernel.fastpath.copies import copy_in
from app.settlement.contracts.models import ContractTerms
from app.settlement.ledger.day_sums import POSTED
from app.settlement.ledger.errors import BookNotOpen
from app.settlement.ledger.lines import LINE_COLUMNS, Line
from app.settlement.ledger.models import Book, Posting

Contract = tuple[int, int]  # mall, merchant


class TermsByDay:
    """All terms of some merchants, to be asked for a day as often as one likes."""

    def __init__(self, contracts: Collection[Contract]) -> None:
        self._starts: dict[Contract, list[date]] = defaultdict(list)
        self._terms: dict[Contract, list[ContractTerms]] = defaultdict(list)
        for terms in db.session.scalars(
            select(ContractTerms)
            .where(tuple_(ContractTerms.mall_id, ContractTerms.merchant_id).in_(sorted(contracts)))
            .order_by(ContractTerms.effective_from)
        ):
            self._starts[terms.mall_id, terms.merchant_id].append(terms.effective_from)
            self._terms[terms.mall_id, terms.merchant_id].append(terms)

    def find(self, mall_id: int, merchant_id: int, *, on: date) -> ContractTerms | None:
        """The terms that hold on the mall's day: the latest that start on it or before."""
        key = (mall_id, merchant_id)
        position = bisect_right(self._starts[key], on)
        return self._terms[key][position - 1] if position else None


def post(lines: Sequence[Line]) -> None:
    """Write postings that are new, with the books held open in ascending order as `postings.post` does.

    Raises BookNotOpen when a book is missing, IntegrityError when a (kind, fact) is posted already.
    """
    if not lines:
        return
    open_days = _hold_books({(line.mall_id, line.merchant_id) for line in lines})
    days = [max(line.business_day, open_days[line.mall_id, line.merchant_id]) for line in lines]
    copy_in(Posting, (*LINE_COLUMNS, "accounting_day"), map(_row, lines, days))
    marks.note_all(POSTED, ((line.mall_id, day) for line, day in zip(lines, days, strict=True)))


_values = attrgetter(*LINE_COLUMNS)


def _row(line: Line, accounting_day: date) -> tuple[object, ...]:
    return (*_values(line), accounting_day)


def _hold_books(contracts: Collection[Contract]) -> Mapping[Contract, date]:
    """The first open day of each book, which no closing moves until the transaction ends."""
    rows = db.session.execute(
        select(Book.mall_id, Book.merchant_id, Book.first_open_day)
        .where(tuple_(Book.mall_id, Book.merchant_id).in_(sorted(contracts)))
        .order_by(Book.mall_id, Book.merchant_id)
        .with_for_update(read=True, of=Book)
    )
    open_days = {(mall_id, merchant_id): day for mall_id, merchant_id, day in rows}
    missing = sorted(set(contracts) - open_days.keys())
    if missing:
        raise BookNotOpen(books=missing)
    return open_days
