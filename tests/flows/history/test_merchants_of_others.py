"""A mall's file of stores and the merchants of other malls: none is taken over by a name, or by a code unasked."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.flows.consequences.effects import Effects
from app.flows.history import stores
from app.flows.history.outcomes import Kind, Outcome
from app.flows.history.stores import Incoming, Terms
from app.kernel.db import db
from app.malls import directory_queries
from app.malls.errors import MerchantOfOthers
from app.malls.models import Mall, Merchant, Store
from app.settlement.contracts.models import ContractTerms
from tests.builders.malls import make_mall, make_merchant, make_store
from tests.builders.settlement import Contract
from tests.flows.history.conftest import Import
from tests.flows.history.files import STORE, write
from tests.support.clock import StillClock

TERMS = Terms(
    effective_from=date(2020, 1, 1),
    commission_bps=500,
    issue_price_fen=100,
    redeem_price_fen=100,
)


@pytest.fixture
def mall(clock: StillClock) -> Mall:
    """The mall that the file is of."""
    return make_mall()


def bring(mall: Mall, merchant: str, clock: StillClock, code: str = "S1") -> Outcome:
    item = Incoming(code, "晨光咖啡", merchant, "dining", "1F")
    [outcome] = stores.load([item], mall_id=mall.id, terms=TERMS, effects=Effects.LEDGER, now=clock.now)
    return outcome


def merchants_of(mall: Mall) -> list[Merchant]:
    own = select(Merchant).join(Store, Store.merchant_id == Merchant.id).where(Store.mall_id == mall.id)
    return list(db.session.scalars(own))


def test_a_code_of_another_malls_merchant_is_refused_and_nothing_is_left(mall: Mall, clock: StillClock) -> None:
    theirs = make_store().merchant_id
    code = db.session.scalars(select(Merchant.code).where(Merchant.id == theirs)).one()
    outcome = bring(mall, code, clock)
    assert (outcome.kind, type(outcome.error)) == (Kind.REFUSED, MerchantOfOthers)
    assert merchants_of(mall) == [] and db.session.scalars(select(ContractTerms)).all() == []
    added = make_merchant(added_in_mall_id=make_mall().id)  # without a store yet
    assert bring(mall, added.code, clock).kind is Kind.REFUSED


def test_a_name_that_another_mall_has_too_makes_a_merchant_of_ones_own_once(mall: Mall, clock: StillClock) -> None:
    elsewhere = make_mall()
    assert bring(elsewhere, "晨光餐饮", clock).kind is Kind.NEW
    [theirs] = merchants_of(elsewhere)
    done = [bring(mall, "晨光餐饮", clock, code="S2").kind for _ in range(2)]
    [own] = merchants_of(mall)
    assert done == [Kind.NEW, Kind.KNOWN]
    assert own.id != theirs.id and own.code != theirs.code and own.name == theirs.name
    assert directory_queries.list_malls_of(theirs) == {elsewhere.id}
    malls = db.session.scalars(select(ContractTerms.mall_id).where(ContractTerms.merchant_id == theirs.id))
    assert set(malls) == {elsewhere.id}


def test_ones_own_is_found_by_code_and_by_name_before_it_has_a_store(mall: Mall, clock: StillClock) -> None:
    own = make_merchant(added_in_mall_id=mall.id, name="晨光餐饮")
    make_merchant(added_in_mall_id=make_mall().id, name="晨光餐饮")
    assert bring(mall, "晨光餐饮", clock).kind is Kind.NEW
    assert merchants_of(mall) == [own]


def test_the_group_takes_one_company_into_a_second_mall_by_its_code(
    tmp_path: Path, contract: Contract, do_import: Import
) -> None:
    second = make_mall()
    path = write(tmp_path / "s.csv", STORE, [["S1", "晨光咖啡", contract.merchant.code, "dining", "1F"]])
    assert do_import("stores", path, "--mall", second.code, "--effects", "none").exit_code == 0
    assert merchants_of(second) == [contract.merchant]
