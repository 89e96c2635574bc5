"""Terms by day, and opening a book."""

from datetime import date

import pytest

from app.settlement import contracts, statements
from app.settlement.errors import BookNotOpen, NoContractTerms, TermsConflict, TermsInClosedPeriod, TermsInForce
from tests.builders import malls
from tests.builders.settlement import FEBRUARY, JANUARY, at_noon, make_contract, post_redemption

LATER = {"commission_bps": 800, "issue_price_fen": 60, "redeem_price_fen": 90}


def test_the_terms_of_a_day_are_the_latest_that_began() -> None:
    contract = make_contract(commission_bps=500)
    mall_id, merchant_id = contract.mall.id, contract.merchant.id
    contracts.add_terms(mall_id, merchant_id, effective_from=FEBRUARY, **LATER)
    assert contracts.get_terms(mall_id, merchant_id, on=date(2026, 1, 31)).commission_bps == 500
    assert contracts.get_terms(mall_id, merchant_id, on=FEBRUARY).commission_bps == 800
    assert [terms.effective_from for terms in contracts.list_terms(mall_id, merchant_id)] == [FEBRUARY, JANUARY]


def test_before_the_contract_there_are_no_terms() -> None:
    contract = make_contract()
    with pytest.raises(NoContractTerms):
        contracts.get_terms(contract.mall.id, contract.merchant.id, on=date(2025, 12, 31))


def test_the_first_terms_open_the_book() -> None:
    contract = make_contract(since=FEBRUARY)
    assert contracts.lock_open_day(contract.mall.id, contract.merchant.id) == FEBRUARY


def test_without_terms_there_is_no_book() -> None:
    with pytest.raises(BookNotOpen):
        contracts.lock_open_day(malls.make_mall().id, malls.make_merchant().id)


def test_the_same_terms_twice_are_one_version_and_others_are_refused() -> None:
    contract = make_contract()
    for _ in range(2):
        contracts.add_terms(contract.mall.id, contract.merchant.id, effective_from=FEBRUARY, **LATER)
    assert len(contracts.list_terms(contract.mall.id, contract.merchant.id)) == 2
    with pytest.raises(TermsConflict):
        contracts.add_terms(
            contract.mall.id, contract.merchant.id, effective_from=FEBRUARY, **LATER | {"commission_bps": 900}
        )


def test_terms_cannot_begin_in_a_closed_month() -> None:
    contract = make_contract()
    statements.close_month(contract.mall.id, JANUARY, now=at_noon(FEBRUARY))
    with pytest.raises(TermsInClosedPeriod):
        contracts.add_terms(contract.mall.id, contract.merchant.id, effective_from=date(2026, 1, 15), **LATER)


def test_terms_are_taken_back_until_their_day() -> None:
    contract = make_contract(commission_bps=500)
    mall_id, merchant_id = contract.mall.id, contract.merchant.id
    wrong = contracts.add_terms(mall_id, merchant_id, effective_from=FEBRUARY, **LATER)
    with pytest.raises(TermsInForce):
        contracts.withdraw_terms(mall_id, merchant_id, wrong.id, today=FEBRUARY)
    assert contracts.withdraw_terms(mall_id, merchant_id, wrong.id, today=date(2026, 1, 31)).commission_bps == 800
    with pytest.raises(TermsInForce):
        contracts.withdraw_terms(mall_id, merchant_id, wrong.id, today=date(2026, 1, 31))
    assert contracts.get_terms(mall_id, merchant_id, on=FEBRUARY).commission_bps == 500
    assert contracts.lock_open_day(mall_id, merchant_id) == JANUARY


def test_terms_of_another_merchant_are_not_taken_back() -> None:
    mine, theirs = make_contract(), make_contract(since=FEBRUARY)
    [terms] = contracts.list_terms(theirs.mall.id, theirs.merchant.id)
    with pytest.raises(TermsInForce):
        contracts.withdraw_terms(mine.mall.id, mine.merchant.id, terms.id, today=JANUARY)


def test_a_mistyped_first_day_is_taken_back_with_its_book() -> None:
    contract = make_contract(since=FEBRUARY)
    mall_id, merchant_id = contract.mall.id, contract.merchant.id
    [terms] = contracts.list_terms(mall_id, merchant_id)
    contracts.withdraw_terms(mall_id, merchant_id, terms.id, today=JANUARY)
    with pytest.raises(BookNotOpen):
        contracts.lock_open_day(mall_id, merchant_id)
    contracts.add_terms(mall_id, merchant_id, effective_from=JANUARY, **LATER)
    assert contracts.lock_open_day(mall_id, merchant_id) == JANUARY


def test_a_book_that_holds_postings_stays_without_terms() -> None:
    contract = make_contract(since=FEBRUARY)
    mall_id, merchant_id = contract.mall.id, contract.merchant.id
    post_redemption(contract, JANUARY)  # before the book's first day: it falls into that
    [terms] = contracts.list_terms(mall_id, merchant_id)
    contracts.withdraw_terms(mall_id, merchant_id, terms.id, today=JANUARY)
    assert contracts.lock_open_day(mall_id, merchant_id) == FEBRUARY
