"""Terms by day, and opening a book."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from app.kernel import clock
from app.settlement import agreements
from app.settlement.contracts import contracts
from app.settlement.contracts.errors import (
    NoContractTerms,
    TermsConflict,
    TermsInClosedPeriod,
    TermsInForce,
    TermsTooLate,
)
from app.settlement.contracts.models import ContractTerms
from app.settlement.ledger import postings
from app.settlement.ledger.errors import BookNotOpen
from app.settlement.statements import statements
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
    post_redemption,
)
from tests.support.clock import StillClock

LATER = {"commission_bps": 800, "issue_price_fen": 60, "redeem_price_fen": 90}


def test_the_terms_of_a_day_are_the_latest_that_began() -> None:
    contract = make_contract(commission_bps=500)
    mall_id, merchant_id = contract.mall.id, contract.merchant.id
    agreements.add_terms(mall_id, merchant_id, effective_from=FEBRUARY, **LATER)
    assert contracts.get_terms(mall_id, merchant_id, on=date(2026, 1, 31)).commission_bps == 500
    assert contracts.get_terms(mall_id, merchant_id, on=FEBRUARY).commission_bps == 800
    assert [terms.effective_from for terms in contracts.list_terms(mall_id, merchant_id)] == [FEBRUARY, JANUARY]


def test_before_the_contract_there_are_no_terms() -> None:
    contract = make_contract()
    with pytest.raises(NoContractTerms):
        contracts.get_terms(contract.mall.id, contract.merchant.id, on=date(2025, 12, 31))


def test_the_first_terms_open_the_book() -> None:
    assert find_open_day(make_contract(since=FEBRUARY)) == FEBRUARY


def test_without_terms_there_is_no_book_to_post_into() -> None:
    contract = make_contract(since=FEBRUARY)
    stranger = replace(contract, store_ref=replace(contract.store_ref, merchant_id=malls.make_merchant().id))
    with pytest.raises(BookNotOpen):
        post(stranger)


def test_the_same_terms_twice_are_one_version_and_others_are_refused() -> None:
    contract = make_contract()
    for _ in range(2):
        agreements.add_terms(contract.mall.id, contract.merchant.id, effective_from=FEBRUARY, **LATER)
    assert len(contracts.list_terms(contract.mall.id, contract.merchant.id)) == 2
    with pytest.raises(TermsConflict):
        agreements.add_terms(
            contract.mall.id, contract.merchant.id, effective_from=FEBRUARY, **LATER | {"commission_bps": 900}
        )


def test_terms_cannot_begin_in_a_closed_month() -> None:
    contract = make_contract()
    statements.close_month(contract.mall.id, JANUARY, now=at_noon(FEBRUARY))
    with pytest.raises(TermsInClosedPeriod):
        agreements.add_terms(contract.mall.id, contract.merchant.id, effective_from=date(2026, 1, 15), **LATER)


def test_a_book_that_was_never_closed_opens_earlier() -> None:
    contract = make_contract(since=FEBRUARY)
    post_redemption(contract, FEBRUARY)
    agree(contract, date(2026, 1, 15))
    assert find_open_day(contract) == date(2026, 1, 15)
    agree(contract, date(2026, 1, 20))
    assert find_open_day(contract) == date(2026, 1, 15)


def test_what_was_posted_by_terms_stays_explained_by_them(clock: StillClock) -> None:
    contract = make_contract(since=JANUARY)
    fact = new_fact("purchase")
    postings.post_purchase(contract.store_ref, fact=fact, amount_fen=100, points=0, occurred_at=at_noon(FEBRUARY))
    for day in (date(2026, 1, 20), FEBRUARY):
        with pytest.raises(TermsTooLate) as late:
            agree(contract, day)
        assert late.value.facts["used_until"] == FEBRUARY
    agree(contract, date(2026, 2, 2))


def test_terms_up_to_the_next_ones_begin_whatever_those_priced(clock: StillClock) -> None:
    contract = make_contract(since=FEBRUARY)
    purchase = {"fact": new_fact("purchase"), "amount_fen": 100, "points": 0}
    postings.post_purchase(contract.store_ref, **purchase, occurred_at=at_noon(FEBRUARY))
    assert agree(contract, JANUARY).effective_from == JANUARY
    assert find_open_day(contract) == JANUARY


def test_coupons_and_refunds_keep_no_terms_from_beginning(clock: StillClock) -> None:
    contract, fact = make_contract(since=JANUARY), new_fact("purchase")
    postings.post_purchase(contract.store_ref, fact=fact, amount_fen=100, points=0, occurred_at=at_noon(JANUARY))
    post_redemption(contract, FEBRUARY)
    refund = {"fact": new_fact("purchase"), "purchase_fact": fact, "amount_fen": -40, "points": 0}
    postings.post_refund(**refund, occurred_at=at_noon(MARCH))
    assert agree(contract, date(2026, 1, 2)).commission_bps == 800


def test_terms_are_taken_back_until_no_till_can_have_used_them() -> None:
    contract = make_contract(commission_bps=500)
    wrong = agree(contract, FEBRUARY)
    midnight = clock.start_of_day(FEBRUARY)
    for late in (midnight - timedelta(minutes=15), midnight, midnight + timedelta(days=9)):
        with pytest.raises(TermsInForce):
            withdraw(contract, wrong, now=late)
    in_time = midnight - timedelta(minutes=15, seconds=1)
    assert withdraw(contract, wrong, now=in_time).commission_bps == 800
    with pytest.raises(TermsInForce):
        withdraw(contract, wrong, now=in_time)
    assert contracts.get_terms(contract.mall.id, contract.merchant.id, on=FEBRUARY).commission_bps == 500
    assert find_open_day(contract) == JANUARY


def test_terms_of_another_merchant_are_not_taken_back() -> None:
    mine, theirs = make_contract(), make_contract(since=FEBRUARY)
    [terms] = contracts.list_terms(theirs.mall.id, theirs.merchant.id)
    with pytest.raises(TermsInForce):
        withdraw(mine, terms, now=at_noon(JANUARY))


def test_a_mistyped_first_day_is_taken_back_with_its_book(clock: StillClock) -> None:
    clock.set(at_noon(JANUARY))
    contract = make_contract(since=date(2027, 1, 1))
    with pytest.raises(BookNotOpen):  # else it would be settled a year too late
        post(contract)
    [terms] = contracts.list_terms(contract.mall.id, contract.merchant.id)
    withdraw(contract, terms, now=clock.now)
    assert find_open_day(contract) is None
    agree(contract, JANUARY)
    post(contract)
    assert find_open_day(contract) == JANUARY


def test_a_book_that_is_yet_to_open_follows_its_terms(clock: StillClock) -> None:
    clock.set(at_noon(JANUARY))
    contract = make_contract(since=FEBRUARY)
    agree(contract, MARCH)
    [_, first] = contracts.list_terms(contract.mall.id, contract.merchant.id)
    withdraw(contract, first, now=clock.now)
    assert find_open_day(contract) == MARCH
    agree(contract, date(2026, 2, 10))
    assert find_open_day(contract) == date(2026, 2, 10)


def agree(contract: Contract, day: date) -> ContractTerms:
    return agreements.add_terms(contract.mall.id, contract.merchant.id, effective_from=day, **LATER)


def withdraw(contract: Contract, terms: ContractTerms, *, now: datetime) -> ContractTerms:
    return agreements.withdraw_terms(contract.mall.id, contract.merchant.id, terms.id, now=now)


def post(contract: Contract) -> None:
    """Posts a redemption of today and sends it, as the commit does."""
    lines = postings.redemption_lines(
        contract.store_ref,
        fact=new_fact("redemption"),
        mall_fen=700,
        merchant_fen=300,
        mall_share_bps=7_000,
        merchant_share_bps=3_000,
        occurred_at=clock.now(),
    )
    postings.post(lines)
