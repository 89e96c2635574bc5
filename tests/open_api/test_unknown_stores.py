"""Receipts of stores that a till calls by codes of its own: kept, named by people, and known from then on."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.flows.held import releasing
from app.identity.models import Member
from app.kernel.db import db
from app.purchases.aliases import aliases
from app.purchases.errors import StoreUnknown
from app.purchases.models import Purchase
from app.purchases.waiting.models import WaitingReceipt
from app.workers import receipts
from tests.builders.identity import make_member
from tests.builders.machines import Machine, make_machine
from tests.builders.malls import make_store
from tests.builders.settlement import Contract
from tests.open_api.receipts import PHONE, RECEIPTS, count, error_of, points_of, receipt
from tests.support.clock import StillClock


@pytest.mark.requirement("S0.47")
def test_a_receipt_of_an_unknown_store_is_kept_with_its_buyer_until_the_store_is_named(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    message = receipt(contract, clock, store_code="007", phone=PHONE)
    for _ in range(2):
        answer = till.post(client, RECEIPTS, message)
        assert (answer.status_code, (answer.json or {})["waits_for"]) == (202, "store")
    back = receipt(contract, clock, receipt_no="B1", store_code="007", amount_fen=-2_345, refund_of="R1")
    assert till.post(client, RECEIPTS, back).status_code == 202
    assert receipts.record_of_named_stores(limit=9) == 0
    aliases.remember(contract.store, "pos", "007", by="张岚", now=clock.now)
    assert receipts.record_of_named_stores(limit=9) == 2
    assert (points_of(member), count(Purchase), count(WaitingReceipt)) == ((99, 0), 2, 0)
    assert (till.post(client, RECEIPTS, message).json or {})["points"] == 123
    late = till.post(client, RECEIPTS, receipt(contract, clock, store_code="007", receipt_no="R2", phone=PHONE))
    assert (late.status_code, points_of(member)) == (201, (222, 0))


def test_a_code_is_known_of_one_source_in_one_mall(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock
) -> None:
    aliases.remember(contract.store, "pos", "007", by="张岚", now=clock.now)
    other = receipt(contract, clock, source="kiosk", store_code="007")
    assert till.post(client, RECEIPTS, other).status_code == 202
    assert receipts.record_of_named_stores(limit=9) == 0


def test_a_till_of_one_store_is_refused_and_one_of_a_merchant_gets_that_merchants_stores_only(
    client: FlaskClient, contract: Contract, clock: StillClock
) -> None:
    bound = make_machine(contract.mall, "pos", store=contract.store, merchant_id=contract.merchant.id)
    message = receipt(contract, clock, store_code="007")
    assert error_of(bound.post(client, RECEIPTS, message)) == (404, "store_not_found")
    merchants = make_machine(contract.mall, "pos", merchant_id=contract.merchant.id)
    assert merchants.post(client, RECEIPTS, message).status_code == 202
    row = db.session.scalars(select(WaitingReceipt)).one()
    with pytest.raises(StoreUnknown):
        releasing.record_at(row.id, make_store(contract.mall), now=clock.now)


def test_what_is_refused_then_waits_on_with_the_reason(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, receipt(contract, clock, store_code="007", phone=PHONE))
    aliases.remember(make_store(contract.mall), "pos", "007", by="张岚", now=clock.now)  # without contract terms
    assert [receipts.record_of_named_stores(limit=9) for _ in range(2)] == [0, 0]
    row = db.session.scalars(select(WaitingReceipt).execution_options(populate_existing=True)).one()
    assert (row.obstacle, points_of(member)) == ("no_contract_terms", (0, 0))


def test_a_buyer_who_was_named_later_is_kept_and_who_leaves_is_forgotten(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    message = receipt(contract, clock, store_code="007")
    till.post(client, RECEIPTS, message)
    till.post(client, RECEIPTS, message | {"phone": PHONE})
    make_member(contract.mall, phone="13700000001")
    till.post(client, RECEIPTS, message | {"phone": "13700000001"})
    aliases.remember(contract.store, "pos", "007", by="张岚", now=clock.now)
    receipts.record_of_named_stores(limit=9)
    assert points_of(member) == (123, 0)
