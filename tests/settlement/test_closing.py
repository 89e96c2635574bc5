"""Closing a month: one statement each, every posting in exactly one of them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import func, select

from app.kernel.db import db
from app.malls.models import Mall
from app.settlement.ledger import postings
from app.settlement.ledger.models import Posting, PostingKind
from app.settlement.statements import queries, statements
from app.settlement.statements.errors import MonthNotOver
from app.settlement.statements.models import Statement
from tests.builders import malls
from tests.builders.settlement import (
    FEBRUARY,
    JANUARY,
    MARCH,
    Contract,
    at_noon,
    find_open_day,
    make_contract,
    new_fact,
    post_purchase,
    post_redemption,
)

TENTH = date(2026, 1, 10)
CountStatements = Callable[[], AbstractContextManager[list[str]]]


def close(mall: Mall, period: date) -> int:
    next_month = {JANUARY: FEBRUARY, FEBRUARY: MARCH}[period]
    return statements.close_month(mall.id, period, now=at_noon(next_month)).issued


def statement_of(contract: Contract, period: date) -> Statement:
    return db.session.scalars(
        select(Statement).where(
            Statement.mall_id == contract.mall.id,
            Statement.merchant_id == contract.merchant.id,
            Statement.period == period,
        )
    ).one()


@pytest.mark.requirement("S3.21")
def test_a_statement_is_the_sum_of_its_postings_by_kind() -> None:
    contract = make_contract(commission_bps=500, issue_price_fen=50)
    for _ in range(3):
        post_redemption(contract, TENTH, mall_fen=700)
    post_purchase(contract, TENTH, amount_fen=10_000, points=100)
    assert close(contract.mall, JANUARY) == 1
    statement = statement_of(contract, JANUARY)
    lines = {
        line.kind: (line.posting_count, line.base_fen, line.points, line.amount_fen)
        for line in queries.list_lines(statement.id)
    }
    assert lines == {
        PostingKind.COUPON_MALL_SHARE: (3, 2_100, 0, 2_100),
        PostingKind.COUPON_MERCHANT_SHARE: (3, 900, 0, 0),
        PostingKind.COMMISSION: (1, 10_000, 0, -500),
        PostingKind.POINTS_ISSUED: (1, 0, 100, -50),
    }
    assert (statement.posting_count, statement.amount_fen) == (8, 1_550)


def test_a_statement_bears_a_number_people_can_read() -> None:
    contract = make_contract()
    close(contract.mall, JANUARY)
    number = statement_of(contract, JANUARY).statement_no
    assert number == f"JS202601-{contract.mall.code}-{contract.merchant.code}"


def test_a_merchant_without_postings_gets_a_statement_of_nought() -> None:
    contract = make_contract()
    close(contract.mall, JANUARY)
    statement = statement_of(contract, JANUARY)
    assert (statement.posting_count, statement.amount_fen) == (0, 0)
    assert queries.list_lines(statement.id) == []


def test_only_the_malls_own_books_are_closed() -> None:
    here, elsewhere = make_contract(), make_contract()
    post_redemption(elsewhere, TENTH)
    close(here.mall, JANUARY)
    assert find_open_day(here) == FEBRUARY
    assert find_open_day(elsewhere) == JANUARY


def test_closing_twice_changes_nothing() -> None:
    contract = make_contract()
    post_redemption(contract, TENTH)
    assert [close(contract.mall, JANUARY) for _ in range(2)] == [1, 0]
    before = statement_of(contract, JANUARY).amount_fen
    post_redemption(contract, TENTH)
    assert close(contract.mall, JANUARY) == 0
    db.session.expire_all()
    assert statement_of(contract, JANUARY).amount_fen == before


def test_a_month_that_is_not_over_cannot_be_closed() -> None:
    contract = make_contract()
    with pytest.raises(MonthNotOver):
        statements.close_month(contract.mall.id, JANUARY, now=at_noon(date(2026, 1, 31)))


def test_what_comes_late_is_a_line_of_the_next_month() -> None:
    contract = make_contract()
    fact = post_redemption(contract, TENTH, mall_fen=700)
    close(contract.mall, JANUARY)
    postings.reverse(fact=fact, reversal_fact=new_fact("redemption-reversal"), occurred_at=at_noon(FEBRUARY))
    post_redemption(contract, TENTH, mall_fen=300)
    close(contract.mall, FEBRUARY)
    january, february = statement_of(contract, JANUARY), statement_of(contract, FEBRUARY)
    assert (january.amount_fen, february.amount_fen) == (700, -700 + 300)
    assert (february.from_day, february.to_day) == (FEBRUARY, date(2026, 2, 28))


def test_months_never_closed_are_part_of_the_next_statement() -> None:
    contract = make_contract()
    post_redemption(contract, TENTH, mall_fen=700)
    post_redemption(contract, date(2026, 2, 10), mall_fen=300)
    assert close(contract.mall, FEBRUARY) == 1
    statement = statement_of(contract, FEBRUARY)
    assert (statement.from_day, statement.to_day, statement.amount_fen) == (JANUARY, date(2026, 2, 28), 1_000)
    assert close(contract.mall, JANUARY) == 0


def test_a_posting_of_the_next_month_waits_for_its_own_closing() -> None:
    contract = make_contract()
    post_redemption(contract, FEBRUARY)
    close(contract.mall, JANUARY)
    assert statement_of(contract, JANUARY).posting_count == 0


def test_a_book_opened_in_the_month_begins_on_its_day_and_a_later_one_is_left_alone() -> None:
    mall = malls.make_mall()
    inside, later = make_contract(mall, since=TENTH), make_contract(mall, since=FEBRUARY)
    assert close(mall, JANUARY) == 1
    assert statement_of(inside, JANUARY).from_day == TENTH
    assert find_open_day(later) == FEBRUARY


def test_closing_again_closes_books_opened_in_between() -> None:
    mall = malls.make_mall()
    early = make_contract(mall)
    post_redemption(early, TENTH)
    assert close(mall, JANUARY) == 1
    late = make_contract(mall)
    post_redemption(late, TENTH, mall_fen=400)
    assert close(mall, JANUARY) == 1
    assert (statement_of(early, JANUARY).amount_fen, statement_of(late, JANUARY).amount_fen) == (700, 400)


def test_closing_takes_as_many_statements_for_many_merchants_as_for_one(count_statements: CountStatements) -> None:
    def closing_of(merchants: int) -> int:
        mall = malls.make_mall()
        for _ in range(merchants):
            post_redemption(make_contract(mall), TENTH)
        with count_statements() as seen:
            close(mall, JANUARY)
        return len(seen)

    assert closing_of(1) == closing_of(5)


@pytest.mark.requirement("S3.21")
def test_every_posting_is_in_exactly_one_statement() -> None:
    contract = make_contract()
    for day in (TENTH, date(2026, 1, 31), FEBRUARY, date(2026, 2, 28)):
        post_redemption(contract, day)
    close(contract.mall, JANUARY)
    post_redemption(contract, TENTH)
    close(contract.mall, FEBRUARY)
    counted = [
        row.posting_id
        for period in (JANUARY, FEBRUARY)
        for row in queries.list_postings(statement_of(contract, period))
    ]
    assert sorted(counted) == sorted(
        db.session.scalars(select(Posting.id).where(Posting.merchant_id == contract.merchant.id))
    )
    assert db.session.scalar(select(func.count()).select_from(Posting)) == len(counted) == 10
