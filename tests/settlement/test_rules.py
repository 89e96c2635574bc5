"""Amounts from terms, and the steps a statement may take."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settlement.contracts import rules as contract_rules
from app.settlement.contracts.errors import TermsInvalid
from app.settlement.ledger import rules
from app.settlement.statements import rules as statement_rules
from app.settlement.statements.errors import MonthNotOver, ReasonMissing, StatementTransition
from app.settlement.statements.models import StatementStatus

pytestmark = pytest.mark.no_database

fen = st.integers(-(10**11), 10**11)
bps = st.integers(0, 10_000)
price = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("base_fen", "rate_bps", "owed_fen"),
    [
        (10_000, 500, -500),
        (1_010, 500, -51),
        (-1_010, 500, 51),
        (0, 500, 0),
        (10_000, 0, 0),
        (9, 500, 0),
        (10, 500, -1),
    ],
)
def test_commission_is_what_the_merchant_owes(base_fen: int, rate_bps: int, owed_fen: int) -> None:
    assert rules.commission_fen(base_fen, rate_bps) == owed_fen


@pytest.mark.parametrize(
    ("points", "price_fen", "worth_fen"), [(100, 50, 50), (33, 50, 17), (1, 49, 0), (1, 50, 1), (-33, 50, -17)]
)
def test_points_are_worth_their_price_per_hundred(points: int, price_fen: int, worth_fen: int) -> None:
    assert rules.points_fen(points, price_fen) == worth_fen


@given(base_fen=fen, rate_bps=bps)
def test_a_commission_is_off_by_half_a_fen_at_most_and_never_above_the_base(base_fen: int, rate_bps: int) -> None:
    owed_fen = rules.commission_fen(base_fen, rate_bps)
    assert abs(owed_fen * 10_000 + base_fen * rate_bps) <= 5_000
    assert abs(owed_fen) <= abs(base_fen)


@given(base_fen=fen, rate_bps=bps)
def test_a_refund_of_everything_is_the_commission_turned_round(base_fen: int, rate_bps: int) -> None:
    assert rules.commission_fen(-base_fen, rate_bps) == -rules.commission_fen(base_fen, rate_bps)


@given(points=st.integers(-(10**9), 10**9), price_fen=price)
def test_points_taken_back_are_worth_what_they_were_given_for(points: int, price_fen: int) -> None:
    assert rules.points_fen(-points, price_fen) == -rules.points_fen(points, price_fen)


@pytest.mark.parametrize("field", ["commission_bps", "issue_price_fen", "redeem_price_fen", "due_days"])
def test_negative_terms_are_refused_by_name(field: str) -> None:
    terms = {"commission_bps": 500, "issue_price_fen": 50, "redeem_price_fen": 100, "due_days": 30}
    with pytest.raises(TermsInvalid) as refusal:
        contract_rules.ensure_terms(**terms | {field: -1})
    assert refusal.value.facts == {"field": field}


def test_a_commission_above_the_whole_is_refused() -> None:
    with pytest.raises(TermsInvalid):
        contract_rules.ensure_terms(commission_bps=10_001, issue_price_fen=0, redeem_price_fen=0, due_days=30)


def test_a_month_is_over_on_the_first_day_of_the_next() -> None:
    statement_rules.ensure_over(date(2026, 12, 1), today=date(2027, 1, 1))
    with pytest.raises(MonthNotOver):
        statement_rules.ensure_over(date(2026, 12, 1), today=date(2026, 12, 31))


def test_a_period_is_named_by_its_first_day() -> None:
    with pytest.raises(ValueError, match="first day"):
        statement_rules.ensure_over(date(2026, 1, 2), today=date(2027, 1, 1))


ALLOWED = {
    (StatementStatus.ISSUED, StatementStatus.CONFIRMED),
    (StatementStatus.ISSUED, StatementStatus.DISPUTED),
    (StatementStatus.DISPUTED, StatementStatus.CONFIRMED),
    (StatementStatus.CONFIRMED, StatementStatus.PAID),
}


@pytest.mark.parametrize("status", list(StatementStatus))
@pytest.mark.parametrize("wanted", list(StatementStatus))
def test_a_statement_takes_only_the_steps_agreed(status: StatementStatus, wanted: StatementStatus) -> None:
    if (status, wanted) in ALLOWED:
        statement_rules.ensure_transition(status, wanted)
    else:
        with pytest.raises(StatementTransition):
            statement_rules.ensure_transition(status, wanted)


def test_words_lose_their_blanks_and_must_be_there() -> None:
    assert statement_rules.worded("  少了一笔 \n", field="reason") == "少了一笔"
    with pytest.raises(ReasonMissing):
        statement_rules.worded(" \t ", field="reason")
