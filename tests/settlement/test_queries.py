"""What finance and merchants see: statements within their scope, and every posting explained."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import true

from app.access.models import Role
from app.access.scopes import Grant, Place, Scope
from app.flows import redemptions
from app.kernel.facts import Fact
from app.settlement.ledger import postings
from app.settlement.ledger import queries as ledger_queries
from app.settlement.ledger.models import PostingKind
from app.settlement.statements import queries, statements
from app.settlement.statements.errors import StatementNotFound
from app.settlement.statements.models import StatementStatus
from app.settlement.statements.wording import what_happened
from tests.builders import benefits, identity, malls
from tests.builders.settlement import (
    FEBRUARY,
    JANUARY,
    MARCH,
    Contract,
    at_noon,
    make_contract,
    new_fact,
    post_purchase,
    post_redemption,
)
from tests.support.clock import StillClock
from tests.support.lists import read_all

APRIL = date(2026, 4, 1)
TENTH = date(2026, 1, 10)
CountStatements = Callable[[], AbstractContextManager[list[str]]]


def close(contract: Contract) -> queries.NamedStatement:
    statements.close_month(contract.mall.id, JANUARY, now=at_noon(FEBRUARY))
    (named,) = queries.list_statements(visible=true(), mall_id=contract.mall.id, merchant_id=contract.merchant.id)
    return named


def test_a_coupon_is_explained_by_its_campaign_its_code_and_its_store(clock: StillClock) -> None:
    mall = malls.make_mall()
    store = malls.make_store(mall)
    till = benefits.make_till(store)
    campaign = benefits.make_campaign(mall, title="周末满减券")
    coupon = benefits.make_coupon(identity.make_member(), campaign)
    redeemed = redemptions.redeem_coupon(coupon.code, till, spend_fen=20_000, now=clock.now)
    redemptions.reverse_redemption(redeemed.redemption_id, till, now=clock.advance(minutes=5))
    statements.close_month(store.mall_id, MARCH, now=at_noon(APRIL))
    (named,) = queries.list_statements(visible=true(), mall_id=store.mall_id)
    rows = queries.list_postings(named.statement)
    assert [(what_happened(row), row.reference, row.store_name) for row in rows] == [
        ("核销「周末满减券」", coupon.code, store.name),
        ("核销「周末满减券」", coupon.code, store.name),
        ("撤销核销「周末满减券」", coupon.code, store.name),
        ("撤销核销「周末满减券」", coupon.code, store.name),
    ]
    assert [row.reversed_day for row in rows] == [None, None, date(2026, 3, 11), date(2026, 3, 11)]
    assert named.statement.amount_fen == 0


def test_a_purchase_is_explained_by_its_receipt_number() -> None:
    contract = make_contract()
    purchase = post_purchase(contract, TENTH, fact=Fact("purchase", "pos-2", "R:17/5"))
    refund = Fact("purchase", "pos-2", "R:18")
    postings.post_refund(
        fact=refund, purchase_fact=purchase, amount_fen=-10_000, points=-100, occurred_at=at_noon(TENTH)
    )
    rows = queries.list_postings(close(contract).statement)
    assert [(row.kind, what_happened(row), row.reference) for row in rows] == [
        (PostingKind.COMMISSION, "会员消费", "R:17/5"),
        (PostingKind.POINTS_ISSUED, "消费送积分", "R:17/5"),
        (PostingKind.COMMISSION, "会员退货", "R:18"),
        (PostingKind.POINTS_ISSUED, "退货收回积分", "R:18"),
    ]


def test_points_spent_are_explained_by_what_they_paid_for() -> None:
    contract = make_contract()
    postings.post_points_spent(
        contract.store_ref, fact=Fact("points", "order", 77), points=100, occurred_at=at_noon(TENTH)
    )
    (row,) = queries.list_postings(close(contract).statement)
    assert (what_happened(row), row.reference, row.points, row.rate, row.amount_fen) == (
        "积分抵扣",
        "order:77",
        100,
        100,
        100,
    )


def test_pages_of_postings_follow_one_another_without_gap_or_overlap() -> None:
    contract = make_contract()
    for day in (20, 10, 15, 10):
        post_redemption(contract, date(2026, 1, day))
    statement = close(contract).statement
    seen = read_all(lambda asked: queries.list_postings(statement, asked=asked), limit=3)
    assert len({row.posting_id for row in seen}) == len(seen) == 8
    assert seen == queries.list_postings(statement).items
    assert [row.accounting_day.day for row in seen] == [10, 10, 10, 10, 15, 15, 20, 20]


def test_a_page_of_postings_is_one_statement(count_statements: CountStatements) -> None:
    contract = make_contract()
    for _ in range(5):
        post_redemption(contract, TENTH)
    statement = close(contract).statement
    with count_statements() as seen:
        queries.list_postings(statement)
    assert len(seen) == 1


def test_lists_narrow_by_month_status_and_merchant() -> None:
    mall = malls.make_mall()
    first, second = make_contract(mall), make_contract(mall)
    statements.close_month(mall.id, JANUARY, now=at_noon(MARCH))
    statements.close_month(mall.id, FEBRUARY, now=at_noon(MARCH))
    (one,) = queries.list_statements(visible=true(), merchant_id=first.merchant.id, period=JANUARY)
    statements.dispute(one.statement.id, reason="不对", now=at_noon(MARCH))
    disputed = queries.list_statements(visible=true(), mall_id=mall.id, status=StatementStatus.DISPUTED)
    assert [named.statement.id for named in disputed] == [one.statement.id]
    assert {named.merchant_name for named in queries.list_statements(visible=true(), period=FEBRUARY)} == {
        first.merchant.name,
        second.merchant.name,
    }


def test_pages_of_statements_follow_one_another_from_the_latest_month_on() -> None:
    mall = malls.make_mall()
    for _ in range(3):
        make_contract(mall)
    statements.close_month(mall.id, JANUARY, now=at_noon(MARCH))
    statements.close_month(mall.id, FEBRUARY, now=at_noon(MARCH))
    found = read_all(lambda asked: queries.list_statements(visible=true(), asked=asked))
    numbers = [named.statement.statement_no for named in found]
    assert len(set(numbers)) == len(numbers) == 6
    assert [number[2:8] for number in numbers] == ["202602"] * 3 + ["202601"] * 3
    assert numbers == sorted(numbers[:3]) + sorted(numbers[3:])


def test_nobody_sees_statements_outside_their_scope() -> None:
    mine, other = make_contract(), make_contract()
    own, foreign = close(mine), close(other)
    manager = Scope((Grant(Role.MERCHANT_MANAGER, Place(merchant_id=mine.merchant.id)),))
    finance = Scope((Grant(Role.FINANCE, Place(mall_id=other.mall.id)),))
    clerk = Scope((Grant(Role.CLERK, Place(store_id=mine.store.id)),))
    assert numbers_seen_by(manager) == [own.statement.statement_no]
    assert numbers_seen_by(finance) == [foreign.statement.statement_no]
    assert numbers_seen_by(clerk) == []
    with pytest.raises(StatementNotFound):
        queries.get_statement(foreign.statement.statement_no, visible=queries.visible_to(manager))
    assert queries.get_statement(own.statement.statement_no, visible=queries.visible_to(manager)) == own


def numbers_seen_by(scope: Scope) -> list[str]:
    return [named.statement.statement_no for named in queries.list_statements(visible=queries.visible_to(scope))]


def test_months_say_how_far_their_statements_are() -> None:
    mall = malls.make_mall()
    contracts_made = [make_contract(mall) for _ in range(3)]
    for contract in contracts_made:
        post_redemption(contract, TENTH, mall_fen=100)
    first = close(contracts_made[0])
    statements.confirm(first.statement.id, by="王店长", now=at_noon(FEBRUARY))
    (month,) = queries.list_months(visible=true())
    assert (month.period, month.statements, month.issued, month.confirmed, month.amount_fen) == (JANUARY, 3, 2, 1, 300)


def test_open_books_show_what_waits_for_the_next_closing() -> None:
    contract = make_contract()
    post_redemption(contract, TENTH, mall_fen=700)
    assert ledger_queries.find_period_to_close(contract.mall.id) == JANUARY
    close(contract)
    post_redemption(contract, TENTH, mall_fen=200)
    (book,) = ledger_queries.list_open_books(contract.mall.id)
    assert (book.first_open_day, book.posting_count, book.amount_fen) == (FEBRUARY, 2, 200)
    assert ledger_queries.find_period_to_close(contract.mall.id) == FEBRUARY
    assert ledger_queries.find_period_to_close(malls.make_mall().id) is None


def test_a_fact_is_found_with_everything_posted_for_it() -> None:
    fact = post_redemption(make_contract(), TENTH)
    assert [posting.fact for posting in ledger_queries.list_postings_of_fact(fact)] == [fact, fact]
    assert ledger_queries.list_postings_of_fact(new_fact("redemption")) == []
