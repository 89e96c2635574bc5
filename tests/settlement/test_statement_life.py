"""A statement from issue to payment."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.kernel.db import db
from app.settlement.contracts import rules as contract_rules
from app.settlement.contracts.models import ContractTerms
from app.settlement.statements import statements
from app.settlement.statements.errors import ReasonMissing, StatementNotFound, StatementTransition
from app.settlement.statements.models import Statement, StatementStatus
from tests.builders.settlement import FEBRUARY, JANUARY, at_noon, make_contract

NOW = at_noon(FEBRUARY)


@pytest.fixture
def statement() -> Statement:
    contract = make_contract()
    statements.close_month(contract.mall.id, JANUARY, now=NOW)
    return db.session.scalars(select(Statement)).one()


def test_confirmed_then_paid_with_a_reference(statement: Statement) -> None:
    assert statements.confirm(statement.id, by="王店长", now=NOW)
    assert (statement.status, statement.confirmed_by, statement.confirmed_at) == ("confirmed", "王店长", NOW)
    assert statements.mark_paid(statement.id, reference=" 工行 20260201-7 ", now=NOW)
    assert (statement.status, statement.payment_reference, statement.paid_at) == ("paid", "工行 20260201-7", NOW)


@pytest.mark.parametrize(("days", "due_on"), [(0, "2026-02-01"), (30, "2026-03-03"), (45, "2026-03-18")])
def test_it_is_due_by_the_terms_of_its_last_day(statement: Statement, days: int, due_on: str) -> None:
    assert statement.due_on is None and statements.due_days_of(statement) == contract_rules.DUE_DAYS
    prices = {"commission_bps": 500, "issue_price_fen": 50, "redeem_price_fen": 100}
    for day, agreed in ((date(2026, 1, 31), days), (FEBRUARY, 7)):
        terms = ContractTerms(
            mall_id=statement.mall_id, merchant_id=statement.merchant_id, effective_from=day, due_days=agreed, **prices
        )
        db.session.add(terms)
        db.session.flush()
    statements.confirm(statement.id, by="王店长", now=NOW)
    assert str(statement.due_on) == due_on
    assert not statements.confirm(statement.id, by="李店长", now=NOW + timedelta(days=9))
    assert str(statement.due_on) == due_on  # the first confirmation stands


def test_a_dispute_is_answered_and_ends_with_the_merchants_confirmation(statement: Statement) -> None:
    statements.dispute(statement.id, reason="少了一笔核销", now=NOW)
    assert [statements.answer_dispute(statement.id, answer="已于二月补记") for _ in range(2)] == [True, False]
    assert (statement.status, statement.dispute_reason, statement.dispute_answer) == (
        "disputed",
        "少了一笔核销",
        "已于二月补记",
    )
    with pytest.raises(StatementTransition):
        statements.mark_paid(statement.id, reference="1", now=NOW)
    assert statements.confirm(statement.id, by="王店长", now=NOW)
    assert statement.status == StatementStatus.CONFIRMED


def test_what_is_not_agreed_is_not_paid(statement: Statement) -> None:
    with pytest.raises(StatementTransition) as refusal:
        statements.mark_paid(statement.id, reference="1", now=NOW)
    assert refusal.value.facts == {"status": "issued", "wanted": "paid"}


def test_what_is_agreed_is_not_disputed(statement: Statement) -> None:
    statements.confirm(statement.id, by="王店长", now=NOW)
    with pytest.raises(StatementTransition):
        statements.dispute(statement.id, reason="后悔了", now=NOW)


def test_only_a_dispute_can_be_answered(statement: Statement) -> None:
    with pytest.raises(StatementTransition):
        statements.answer_dispute(statement.id, answer="什么?")


def test_the_first_confirmation_stands(statement: Statement) -> None:
    statements.confirm(statement.id, by="王店长", now=NOW)
    assert not statements.confirm(statement.id, by="李店长", now=NOW)
    assert statement.confirmed_by == "王店长"


def test_paid_twice_with_one_reference_is_paid_once_and_another_reference_is_refused(statement: Statement) -> None:
    statements.confirm(statement.id, by="王店长", now=NOW)
    assert [statements.mark_paid(statement.id, reference="A1", now=NOW) for _ in range(2)] == [True, False]
    assert statement.payment_reference == "A1"
    with pytest.raises(StatementTransition):
        statements.mark_paid(statement.id, reference="A2", now=NOW)


def test_reasons_and_references_need_words(statement: Statement) -> None:
    with pytest.raises(ReasonMissing):
        statements.dispute(statement.id, reason=" ", now=NOW)
    with pytest.raises(ReasonMissing):
        statements.mark_paid(statement.id, reference="", now=NOW)


def test_an_unknown_statement_is_not_found() -> None:
    with pytest.raises(StatementNotFound):
        statements.lock_statement(0)
