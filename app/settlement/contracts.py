"""Contract terms by day, and the books that postings are written into."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, delete, exists, select
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db
from app.settlement import rules
from app.settlement.errors import BookNotOpen, NoContractTerms, TermsConflict, TermsInClosedPeriod, TermsInForce
from app.settlement.models import Book, ContractTerms, Posting


def find_terms(mall_id: int, merchant_id: int, *, on: date) -> ContractTerms | None:
    """The terms that hold on the mall's day: the latest that start on it or before."""
    return db.session.scalar(
        select(ContractTerms)
        .where(
            ContractTerms.mall_id == mall_id,
            ContractTerms.merchant_id == merchant_id,
            ContractTerms.effective_from <= on,
        )
        .order_by(ContractTerms.effective_from.desc())
        .limit(1)
    )


def get_terms(mall_id: int, merchant_id: int, *, on: date) -> ContractTerms:
    """The terms that hold on the mall's day; raises NoContractTerms."""
    terms = find_terms(mall_id, merchant_id, on=on)
    if terms is None:
        raise NoContractTerms(mall_id=mall_id, merchant_id=merchant_id, on=on)
    return terms


def list_terms(mall_id: int, merchant_id: int) -> Sequence[ContractTerms]:
    """Every version of the terms, the latest first."""
    return db.session.scalars(
        select(ContractTerms)
        .where(ContractTerms.mall_id == mall_id, ContractTerms.merchant_id == merchant_id)
        .order_by(ContractTerms.effective_from.desc())
    ).all()


def add_terms(
    mall_id: int,
    merchant_id: int,
    *,
    effective_from: date,
    commission_bps: int,
    issue_price_fen: int,
    redeem_price_fen: int,
) -> ContractTerms:
    """Agree terms from a day on (prices in fen per 100 points) and open the book if there is none yet.

    The same terms again change nothing. Raises TermsInvalid, TermsConflict when other terms start on that day, and
    TermsInClosedPeriod when the day's book is closed, because what was settled stays settled.
    """
    rules.ensure_terms(
        commission_bps=commission_bps, issue_price_fen=issue_price_fen, redeem_price_fen=redeem_price_fen
    )
    first_open_day = open_book(mall_id, merchant_id, on=effective_from)
    agreed = (commission_bps, issue_price_fen, redeem_price_fen)
    existing = db.session.scalar(_starting(mall_id, merchant_id, effective_from))
    if existing is not None:
        return _same(existing, agreed)
    if effective_from < first_open_day:
        raise TermsInClosedPeriod(effective_from=effective_from, first_open_day=first_open_day)
    db.session.execute(
        insert(ContractTerms)
        .values(
            mall_id=mall_id,
            merchant_id=merchant_id,
            effective_from=effective_from,
            commission_bps=commission_bps,
            issue_price_fen=issue_price_fen,
            redeem_price_fen=redeem_price_fen,
        )
        .on_conflict_do_nothing()
    )
    return _same(db.session.scalars(_starting(mall_id, merchant_id, effective_from)).one(), agreed)


def withdraw_terms(mall_id: int, merchant_id: int, version_id: int, *, today: date) -> ContractTerms:
    """Take back terms that do not hold yet, as if they had never been agreed; returns what they said.

    A book that only they opened goes with them, so that the first terms can begin earlier. Raises TermsInForce.
    """
    # Everybody who posts or agrees terms holds the book in share mode.
    book = db.session.scalar(
        select(Book).where(Book.mall_id == mall_id, Book.merchant_id == merchant_id).with_for_update()
    )
    terms = db.session.scalar(
        delete(ContractTerms)
        .where(
            ContractTerms.id == version_id,
            ContractTerms.mall_id == mall_id,
            ContractTerms.merchant_id == merchant_id,
            ContractTerms.effective_from > today,
        )
        .returning(ContractTerms)
    )
    if terms is None:
        raise TermsInForce
    if book is not None and book.first_open_day > today and not _is_used(book):
        db.session.delete(book)
        db.session.flush()
    return terms


def _is_used(book: Book) -> bool:
    """Whether terms or postings need the book."""
    return any(
        db.session.scalar(select(exists().where(kept.mall_id == book.mall_id, kept.merchant_id == book.merchant_id)))
        for kept in (ContractTerms, Posting)
    )


def open_book(mall_id: int, merchant_id: int, *, on: date) -> date:
    """Open the merchant's book in the mall from a day on unless it is open; returns its first open day.

    The book stays locked in share mode until the transaction ends.
    """
    db.session.execute(
        insert(Book).values(mall_id=mall_id, merchant_id=merchant_id, first_open_day=on).on_conflict_do_nothing()
    )
    first_open_day = db.session.scalar(select_open_day(mall_id, merchant_id))
    # Whoever took the only terms back at this moment took the book with them.
    return open_book(mall_id, merchant_id, on=on) if first_open_day is None else first_open_day


def select_open_day(mall_id: int, merchant_id: int) -> Select[tuple[date]]:
    """The select of a book's first open day under the shared lock that closing waits for."""
    return (
        select(Book.first_open_day)
        .where(Book.mall_id == mall_id, Book.merchant_id == merchant_id)
        .with_for_update(read=True, of=Book)
    )


def lock_open_day(mall_id: int, merchant_id: int) -> date:
    """The book's first open day, held open until the transaction ends; raises BookNotOpen."""
    first_open_day = db.session.scalar(select_open_day(mall_id, merchant_id))
    if first_open_day is None:
        raise BookNotOpen(books=[(mall_id, merchant_id)])
    return first_open_day


def _starting(mall_id: int, merchant_id: int, day: date) -> Select[tuple[ContractTerms]]:
    return select(ContractTerms).where(
        ContractTerms.mall_id == mall_id,
        ContractTerms.merchant_id == merchant_id,
        ContractTerms.effective_from == day,
    )


def _same(terms: ContractTerms, agreed: tuple[int, int, int]) -> ContractTerms:
    if (terms.commission_bps, terms.issue_price_fen, terms.redeem_price_fen) != agreed:
        raise TermsConflict(effective_from=terms.effective_from)
    return terms
