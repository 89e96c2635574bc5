"""Agreeing contract terms and taking them back, with the books that they open."""

from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert

from app.kernel import clock, versions
from app.kernel.db import db
from app.settlement.contracts import contracts, rules
from app.settlement.contracts.errors import TermsConflict, TermsInClosedPeriod, TermsInForce, TermsTooLate
from app.settlement.contracts.models import ContractTerms
from app.settlement.ledger.models import Book, Posting, PostingKind
from app.settlement.statements.models import Statement

# What is posted at the price that the terms of its day name; coupons bring their own shares.
BY_TERMS = (PostingKind.COMMISSION, PostingKind.POINTS_ISSUED, PostingKind.POINTS_BRAND, PostingKind.POINTS_SPENT)


def add_terms(
    mall_id: int,
    merchant_id: int,
    *,
    effective_from: date,
    commission_bps: int,
    issue_price_fen: int,
    redeem_price_fen: int,
    due_days: int = rules.DUE_DAYS,
) -> ContractTerms:
    """Agree terms from a day on (prices in fen per 100 points) and open the book from then on, if it was not before.

    The same terms again change nothing. Raises TermsInvalid, TermsConflict when other terms start on that day,
    TermsInClosedPeriod when the day's book is closed, because what was settled stays settled, and TermsTooLate when
    something that they would price was posted by the terms before.
    """
    said = {
        "commission_bps": commission_bps,
        "issue_price_fen": issue_price_fen,
        "redeem_price_fen": redeem_price_fen,
        "due_days": due_days,
    }
    rules.ensure_terms(**said)
    book = _lock_book(mall_id, merchant_id, on=effective_from)
    terms = ContractTerms(mall_id=mall_id, merchant_id=merchant_id, effective_from=effective_from, **said)
    conflict = TermsConflict(effective_from=effective_from)
    known = versions.find_same(terms, contracts.between(mall_id, merchant_id), taken=conflict)
    if known is not None:
        return known
    if effective_from < book.first_open_day:
        _open_earlier(book, effective_from)
    _ensure_unused(book, effective_from)
    return versions.publish(terms, taken=conflict)


def withdraw_terms(mall_id: int, merchant_id: int, version_id: int, *, now: datetime) -> ContractTerms:
    """Take back terms that nothing can be posted by yet, as if they had never been agreed; returns what they said.

    A book that is yet to open follows the terms that are left, and goes with the last of them. Raises TermsInForce.
    """
    book = _find_locked(mall_id, merchant_id)
    mine, horizon = contracts.between(mall_id, merchant_id), clock.business_date(clock.horizon(now))
    terms = versions.withdraw(ContractTerms, version_id, mine, after=horizon, begun=TermsInForce())
    if book is not None and book.first_open_day > clock.business_date(now):
        _follow_terms(book)
    return terms


def _lock_book(mall_id: int, merchant_id: int, *, on: date) -> Book:
    """The merchant's book, opened from a day on if there is none; nobody posts into it until the transaction ends."""
    db.session.execute(
        insert(Book).values(mall_id=mall_id, merchant_id=merchant_id, first_open_day=on).on_conflict_do_nothing()
    )
    # Whoever took the only terms back at this moment took the book with them.
    return _find_locked(mall_id, merchant_id) or _lock_book(mall_id, merchant_id, on=on)


def _find_locked(mall_id: int, merchant_id: int) -> Book | None:
    return db.session.scalar(
        select(Book)
        .where(Book.mall_id == mall_id, Book.merchant_id == merchant_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _ensure_unused(book: Book, day: date) -> None:
    """Raises TermsTooLate when something that new terms would have priced is posted by the terms before."""
    following = versions.find_next(ContractTerms, contracts.between(book.mall_id, book.merchant_id), after=day)
    used_until = db.session.scalar(
        select(func.max(Posting.business_day)).where(
            Posting.mall_id == book.mall_id,
            Posting.merchant_id == book.merchant_id,
            Posting.accounting_day >= day,  # the index; an accounting day is never before the business day
            Posting.business_day >= day,
            Posting.business_day < (following.effective_from if following else date.max),
            Posting.kind.in_(BY_TERMS),
            Posting.reverses_id.is_(None),
        )
    )
    if used_until is not None:
        raise TermsTooLate(effective_from=day, used_until=used_until)


def _open_earlier(book: Book, day: date) -> None:
    """Let a book begin earlier; raises TermsInClosedPeriod once a month of it was closed: what was settled stays."""
    closed = exists().where(Statement.mall_id == book.mall_id, Statement.merchant_id == book.merchant_id)
    if db.session.scalar(select(closed)):
        raise TermsInClosedPeriod(effective_from=day, first_open_day=book.first_open_day)
    book.first_open_day = day
    db.session.flush()


def _follow_terms(book: Book) -> None:
    """Nothing is posted into a book before its first day, so it can begin with whatever terms there are."""
    first = versions.find_next(ContractTerms, contracts.between(book.mall_id, book.merchant_id))
    if first is None:
        db.session.delete(book)
    else:
        book.first_open_day = first.effective_from
    db.session.flush()
