"""Postings: what they say, in which period they fall, and that an act is posted once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import select, text

from app.kernel.db import db
from app.kernel.facts import Fact
from app.malls import store_refs
from app.settlement import agreements
from app.settlement.contracts import contracts
from app.settlement.contracts.errors import NoContractTerms
from app.settlement.ledger import lines, postings, queries
from app.settlement.ledger.errors import BookNotOpen
from app.settlement.ledger.models import Posting, PostingKind
from app.settlement.statements import statements
from tests.builders import malls
from tests.builders.settlement import (
    FEBRUARY,
    JANUARY,
    at_noon,
    make_contract,
    new_fact,
    post_purchase,
    post_redemption,
)

TENTH = date(2026, 1, 10)
CountStatements = Callable[[], AbstractContextManager[list[str]]]


def amounts(fact: str) -> dict[str, int]:
    return {posting.kind: posting.amount_fen for posting in queries.list_postings_of_fact(fact)}


def standing(*facts: str) -> int:
    """What is owed for several facts together, in fen."""
    return sum(posting.amount_fen for fact in facts for posting in queries.list_postings_of_fact(fact))


@pytest.mark.requirement("S3.15")
def test_the_mall_repays_its_share_of_a_discount_and_the_merchants_share_is_shown() -> None:
    fact = post_redemption(make_contract(), TENTH, mall_fen=700)
    mall_share, merchant_share = queries.list_postings_of_fact(fact)
    assert (mall_share.kind, mall_share.base_fen, mall_share.rate, mall_share.amount_fen) == (
        PostingKind.COUPON_MALL_SHARE,
        700,
        7_000,
        700,
    )
    assert (merchant_share.kind, merchant_share.base_fen, merchant_share.rate, merchant_share.amount_fen) == (
        PostingKind.COUPON_MERCHANT_SHARE,
        300,
        3_000,
        0,
    )


def test_a_redemption_costs_one_statement(count_statements: CountStatements) -> None:
    contract = make_contract()
    with count_statements() as seen:
        post_redemption(contract, TENTH)
    assert len(seen) == 1


@pytest.mark.requirement("S3.15")
def test_a_purchase_owes_commission_and_the_points_given(count_statements: CountStatements) -> None:
    contract = make_contract(commission_bps=500, issue_price_fen=50)
    with count_statements() as seen:
        fact = post_purchase(contract, TENTH, amount_fen=12_345, points=123)
    assert amounts(fact) == {PostingKind.COMMISSION: -617, PostingKind.POINTS_ISSUED: -62}
    assert len(seen) == 2


def test_a_purchase_has_the_terms_of_its_own_day() -> None:
    contract = make_contract(commission_bps=500)
    agreements.add_terms(
        contract.mall.id,
        contract.merchant.id,
        effective_from=FEBRUARY,
        commission_bps=1_000,
        issue_price_fen=0,
        redeem_price_fen=0,
    )
    before, after = post_purchase(contract, date(2026, 1, 31)), post_purchase(contract, FEBRUARY)
    assert amounts(before)[PostingKind.COMMISSION] == -500
    assert amounts(after)[PostingKind.COMMISSION] == -1_000


@pytest.mark.parametrize(
    ("amount_fen", "points", "kinds"),
    [(0, 0, set()), (100, 0, {PostingKind.COMMISSION}), (0, 10, {PostingKind.POINTS_ISSUED})],
)
def test_noughts_are_not_posted(amount_fen: int, points: int, kinds: set[str]) -> None:
    fact = post_purchase(make_contract(), TENTH, amount_fen=amount_fen, points=points)
    assert set(amounts(fact)) == kinds


@pytest.mark.requirement("S3.11")
def test_points_taken_in_payment_are_repaid_at_their_price() -> None:
    contract = make_contract(redeem_price_fen=90)
    fact = new_fact("points", "order")
    assert postings.post_points_spent(contract.store_ref, fact=fact, points=250, occurred_at=at_noon(TENTH)) == 1
    assert amounts(fact) == {PostingKind.POINTS_SPENT: 225}


def test_the_same_act_again_changes_nothing() -> None:
    contract = make_contract()
    redemption, purchase = post_redemption(contract, TENTH), post_purchase(contract, TENTH)
    before = db.session.scalars(select(Posting.id)).all()
    post_redemption(contract, TENTH, fact=redemption)
    post_purchase(contract, TENTH, fact=purchase)
    assert db.session.scalars(select(Posting.id)).all() == before


def test_another_content_under_the_same_fact_is_a_broken_promise() -> None:
    contract = make_contract()
    fact = post_redemption(contract, TENTH, mall_fen=700)
    with pytest.raises(ValueError, match="another content"):
        post_redemption(contract, TENTH, fact=fact, mall_fen=600)


def test_without_a_contract_nothing_is_posted() -> None:
    mall, merchant = malls.make_mall(), malls.make_merchant()
    place = store_refs.of(malls.make_store(mall, merchant))
    with pytest.raises(NoContractTerms):
        postings.post_purchase(
            place, fact=new_fact("purchase", "pos"), amount_fen=1, points=0, occurred_at=at_noon(TENTH)
        )
    shares = {"mall_fen": 1, "merchant_fen": 0, "mall_share_bps": 10_000, "merchant_share_bps": 0}
    with pytest.raises(BookNotOpen) as refusal:
        lines.post(postings.redemption_lines(place, fact=new_fact("redemption"), occurred_at=at_noon(TENTH), **shares))
    assert refusal.value.facts == {"books": [(mall.id, merchant.id)]}


def test_a_posting_falls_on_its_day_while_the_book_is_open() -> None:
    (share, _) = queries.list_postings_of_fact(post_redemption(make_contract(), TENTH))
    assert (share.business_day, share.accounting_day) == (TENTH, TENTH)


def test_the_day_of_a_posting_is_the_malls_and_not_greenwichs() -> None:
    contract = make_contract()
    fact = new_fact("purchase", "pos")
    late = at_noon(TENTH).replace(hour=23, minute=59)  # 15:59 UTC
    early = at_noon(TENTH).replace(hour=0, minute=1)  # the day before, 16:01 UTC
    for moment, name in ((late, Fact(fact.kind, f"{fact.ref}a")), (early, Fact(fact.kind, f"{fact.ref}b"))):
        postings.post_purchase(contract.store_ref, fact=name, amount_fen=100, points=0, occurred_at=moment)
        assert queries.list_postings_of_fact(name)[0].business_day == TENTH


def test_a_late_posting_falls_on_the_first_open_day() -> None:
    contract = make_contract()
    statements.close_month(contract.mall.id, JANUARY, now=at_noon(FEBRUARY))
    (share, _) = queries.list_postings_of_fact(post_redemption(contract, TENTH))
    assert (share.business_day, share.accounting_day) == (TENTH, FEBRUARY)


def test_a_reversal_is_a_fact_of_its_own_with_everything_negated() -> None:
    contract = make_contract()
    fact = post_redemption(contract, TENTH, mall_fen=700)
    undone = new_fact("redemption-reversal")
    assert postings.reverse(fact=fact, reversal_fact=undone, occurred_at=at_noon(date(2026, 1, 11))) == 2
    originals, reversals = queries.list_postings_of_fact(fact), queries.list_postings_of_fact(undone)
    assert [reversal.amount_fen for reversal in reversals] == [-original.amount_fen for original in originals]
    assert [reversal.base_fen for reversal in reversals] == [-original.base_fen for original in originals]
    assert [reversal.reverses_id for reversal in reversals] == [original.id for original in originals]
    assert {reversal.business_day for reversal in reversals} == {date(2026, 1, 11)}


def test_an_act_is_taken_back_once_under_whatever_name() -> None:
    fact = post_redemption(make_contract(), TENTH)
    once, twice = new_fact("redemption-reversal"), new_fact("redemption-reversal")
    assert postings.reverse(fact=fact, reversal_fact=once, occurred_at=at_noon(TENTH)) == 2
    assert postings.reverse(fact=fact, reversal_fact=once, occurred_at=at_noon(TENTH)) == 0
    assert postings.reverse(fact=fact, reversal_fact=twice, occurred_at=at_noon(TENTH)) == 0
    assert standing(fact, once, twice) == 0


def test_what_was_never_posted_cannot_be_taken_back() -> None:
    assert postings.reverse(fact=Fact("redemption", "none"), reversal_fact=Fact("x"), occurred_at=at_noon(TENTH)) == 0


def test_refunds_in_parts_add_up_to_the_whole_whatever_the_rounding() -> None:
    contract = make_contract(commission_bps=500, issue_price_fen=50)
    purchase = post_purchase(contract, TENTH, amount_fen=1_010, points=33)
    assert amounts(purchase) == {PostingKind.COMMISSION: -51, PostingKind.POINTS_ISSUED: -17}
    refunds = [new_fact("purchase", "pos") for _ in range(2)]
    for fact, points in zip(refunds, (-17, -16), strict=True):
        postings.post_refund(
            fact=fact, purchase_fact=purchase, amount_fen=-505, points=points, occurred_at=at_noon(FEBRUARY)
        )
    assert standing(purchase, *refunds) == 0


def test_a_refund_has_the_terms_of_its_purchase() -> None:
    contract = make_contract(commission_bps=500)
    purchase = post_purchase(contract, TENTH, amount_fen=10_000, points=0)
    agreements.add_terms(
        contract.mall.id,
        contract.merchant.id,
        effective_from=FEBRUARY,
        commission_bps=2_000,
        issue_price_fen=0,
        redeem_price_fen=0,
    )
    refund = new_fact("purchase", "pos")
    postings.post_refund(
        fact=refund, purchase_fact=purchase, amount_fen=-10_000, points=0, occurred_at=at_noon(FEBRUARY)
    )
    assert amounts(refund) == {PostingKind.COMMISSION: 500}


def test_the_same_refund_again_changes_nothing_even_after_another_one() -> None:
    contract = make_contract()
    purchase = post_purchase(contract, TENTH, amount_fen=1_010, points=0)
    first, second = new_fact("purchase", "pos"), new_fact("purchase", "pos")
    written = [
        postings.post_refund(
            fact=fact, purchase_fact=purchase, amount_fen=-505, points=0, occurred_at=at_noon(FEBRUARY)
        )
        for fact in (first, second, first)
    ]
    assert written == [1, 1, 0]


def test_a_refund_gives_back_and_never_takes() -> None:
    with pytest.raises(ValueError, match="not positive"):
        postings.post_refund(
            fact=Fact("a"), purchase_fact=Fact("b"), amount_fen=1, points=0, occurred_at=at_noon(TENTH)
        )


def test_many_lines_of_many_books_are_one_statement(count_statements: CountStatements) -> None:
    contracts_made = [make_contract() for _ in range(3)]
    lines = [
        line
        for contract in contracts_made
        for line in postings.redemption_lines(
            contract.store_ref,
            fact=new_fact("redemption"),
            mall_fen=1,
            merchant_fen=2,
            mall_share_bps=3_333,
            merchant_share_bps=6_667,
            occurred_at=at_noon(TENTH),
        )
    ]
    with count_statements() as seen:
        assert postings.post(lines) == 6
    assert len(seen) == 1
    assert postings.post([]) == 0


@pytest.mark.parametrize("method", ["hashjoin", "mergejoin", "nestloop"])
def test_postings_are_numbered_in_the_order_of_their_lines_however_the_database_joins(method: str) -> None:
    for other in {"hashjoin", "mergejoin", "nestloop"} - {method}:
        db.session.execute(text(f"SET LOCAL enable_{other} = off"))
    mall = malls.make_mall()
    places = [make_contract(mall).store_ref for _ in range(3)]
    facts = [new_fact("purchase", "pos") for _ in range(12)]
    terms = contracts.get_terms(mall.id, places[0].merchant_id, on=TENTH)
    lines = [
        line
        for number, fact in enumerate(facts)
        for line in postings.purchase_lines(
            places[-number % 3], fact=fact, amount_fen=10_000, points=100, occurred_at=at_noon(TENTH), terms=terms
        )
    ]
    assert postings.post(lines) == 24
    numbered = db.session.execute(
        select(Posting.kind, Posting.fact).where(Posting.fact.in_(facts)).order_by(Posting.id)
    ).all()
    assert [tuple(row) for row in numbered] == [(line.kind.value, line.fact) for line in lines]
