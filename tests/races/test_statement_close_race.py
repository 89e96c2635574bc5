"""Posting while the month is closed: no posting is lost and none counted twice.

The interleaving is the worst one: a posting is written but not committed when closing sums. With the book's share lock
closing waits for it; the control posts by the same statement without the lock, and its posting is in no statement.
"""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, scoped_session

from app.kernel.db import atomic, db, wait_for_locks
from app.kernel.errors import Busy
from app.kernel.facts import Fact
from app.kernel.fastpath import driver
from app.settlement.ledger import lines, postings
from app.settlement.ledger.models import Posting
from app.settlement.statements import statements
from app.settlement.statements.explained import posted_in_statement
from app.settlement.statements.models import Statement
from tests.builders.settlement import FEBRUARY, JANUARY, MARCH, Contract, at_noon, make_contract, post_redemption
from tests.support.patience import PATIENCE_S
from tests.support.races import race
from tests.support.waiting import is_somebody_waiting, wait_until

DAY = date(2026, 1, 10)
LOCK = " FOR SHARE OF books"


def test_closing_waits_for_a_posting_that_is_not_committed(
    committed_app: Flask, committed_db: scoped_session[Session]
) -> None:
    contract = given_contract()
    interleave(committed_app, contract, lambda: post_redemption(contract, DAY))
    assert counted() == 2
    assert lost() == 0


def test_without_the_lock_that_posting_would_be_in_no_statement(
    committed_app: Flask, committed_db: scoped_session[Session]
) -> None:
    contract = given_contract()
    interleave(committed_app, contract, lambda: post_without_lock(contract))
    assert counted() == 0
    assert lost() == 2


def test_a_posting_that_meets_a_closing_falls_into_the_next_month(
    committed_app: Flask, committed_db: scoped_session[Session]
) -> None:
    contract = given_contract()
    closed, posted = threading.Event(), threading.Event()

    def closer() -> None:
        with atomic():
            close(contract, JANUARY)
            closed.set()
            wait_until(lambda: posted.is_set() or is_somebody_waiting())

    def poster() -> None:
        closed.wait(PATIENCE_S)
        with atomic():
            post_redemption(contract, DAY)
        posted.set()

    assert race(committed_app, [closer, poster]) == [None, None]
    assert set(db.session.scalars(select(Posting.accounting_day))) == {FEBRUARY}
    assert lost() == 0


def test_a_busy_month_end_counts_every_posting_once(
    committed_app: Flask, committed_db: scoped_session[Session]
) -> None:
    with atomic():
        first = make_contract()
        merchants = [first, make_contract(first.mall)]

    def poster() -> int:
        for number in range(30):
            with atomic():
                post_redemption(merchants[number % 2], DAY)
        return 30

    def closer() -> int:
        with atomic():
            return statements.close_month(first.mall.id, JANUARY, now=at_noon(FEBRUARY)).issued

    results = race(committed_app, [*[poster] * 6, *[closer] * 3])
    assert [one for one in results if isinstance(one, Exception)] == []
    assert sorted(results) == [0, 0, 2, *[30] * 6]
    with atomic():
        close(first, FEBRUARY)
    assert counted() == db.session.scalar(select(func.count()).select_from(Posting)) == 6 * 30 * 2
    assert db.session.scalar(select(func.sum(Statement.amount_fen))) == 6 * 30 * 700
    assert lost() == 0


@pytest.mark.parametrize(("patience_ms", "refusals"), [(statements.LOCK_WAIT_MS, []), (1, [Busy])])
def test_closing_waits_longer_for_its_books_than_others_wait_for_a_lock(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch, patience_ms: int, refusals: list[type[Exception]]
) -> None:
    """The control waits as briefly as everybody, here a millisecond, and is refused."""
    monkeypatch.setattr(statements, "LOCK_WAIT_MS", patience_ms)
    contract = given_contract()
    posted, waited = threading.Event(), threading.Event()

    def poster() -> None:
        with atomic():
            post_redemption(contract, DAY)
            posted.set()
            wait_until(lambda: waited.is_set() or has_somebody_waited())

    def closer() -> None:
        posted.wait(PATIENCE_S)
        try:
            with atomic():
                wait_for_locks(most_ms=1)
                close(contract, JANUARY)
        finally:
            waited.set()

    assert [type(one) for one in race(committed_app, [poster, closer]) if one is not None] == refusals


def has_somebody_waited() -> bool:
    """Whether a transaction has waited for a lock for much longer than a millisecond."""
    long_ago = "SELECT count(*) FROM pg_stat_activity WHERE query_start < clock_timestamp() - interval '50 ms'"
    return is_somebody_waiting() and bool(db.session.scalar(text(f"{long_ago} AND wait_event_type = 'Lock'")))


def given_contract() -> Contract:
    with atomic():
        return make_contract()


def close(contract: Contract, period: date) -> None:
    next_month = {JANUARY: FEBRUARY, FEBRUARY: MARCH}[period]
    statements.close_month(contract.mall.id, period, now=at_noon(next_month))


def interleave(app: Flask, contract: Contract, post: Callable[[], object]) -> None:
    """Posts, and commits only once closing has either ended or is seen waiting."""
    posted, closed = threading.Event(), threading.Event()

    def poster() -> None:
        with atomic():
            post()
            posted.set()
            wait_until(lambda: closed.is_set() or is_somebody_waiting())

    def closer() -> None:
        posted.wait(PATIENCE_S)
        with atomic():
            close(contract, JANUARY)
        closed.set()

    assert race(app, [poster, closer]) == [None, None]


def post_without_lock(contract: Contract) -> None:
    """Writes a redemption's postings by the verb's own statement, the share lock cut out."""
    statement = lines.INSERT.sql
    assert statement.count(LOCK) == 1
    rows = postings.redemption_lines(
        contract.store_ref,
        fact=Fact("redemption", "unlocked"),
        mall_fen=700,
        merchant_fen=300,
        mall_share_bps=7_000,
        merchant_share_bps=3_000,
        occurred_at=at_noon(DAY),
    )
    values = lines.INSERT.ordered(lines.parameters(rows))
    driver.execute(db.session.connection(), statement.replace(LOCK, ""), values)


def counted() -> int:
    """How many postings the statements say they hold."""
    db.session.rollback()
    return db.session.scalar(select(func.sum(Statement.posting_count))) or 0


def lost() -> int:
    """How many postings lie in a closed span that was summed without them."""
    inside = select(func.count()).select_from(Statement).join(Posting, posted_in_statement())
    return (db.session.scalar(inside) or 0) - counted()
