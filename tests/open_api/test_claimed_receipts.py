"""Receipts sent again with their buyer: out of the inbox for the one, a conflict for another."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.identity.codes import member_codes
from app.identity.models import Member
from app.kernel.db import db
from app.points.ledger import queries as points_queries
from app.purchases.models import InboxReceipt, Purchase
from app.settlement.ledger.models import Posting
from app.tiers.growth import growth
from tests.builders.identity import make_member
from tests.builders.machines import Machine
from tests.builders.settlement import Contract
from tests.open_api.receipts import PHONE, RECEIPTS, amounts, count, error_of, points_of, receipt
from tests.support.clock import StillClock

NEW_ANSWER = {"points": 123, "first_purchase": True, "warning": None}


def test_a_receipt_sent_again_with_its_buyer_leaves_the_inbox_with_all_that_follows(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    message = receipt(contract, clock)
    till.post(client, RECEIPTS, message)
    clock.advance(minutes=5)
    answer = till.post(client, RECEIPTS, message | {"phone": PHONE})
    body = answer.json or {}
    assert answer.status_code == 200
    assert {name: body[name] for name in NEW_ANSWER} == NEW_ANSWER
    assert body["member"]["phone_masked"] == "139****5678"
    assert (count(InboxReceipt), points_of(member), growth.value_of(member.id)) == (0, (123, 0), 123)
    assert (amounts("commission"), amounts("points_issued")) == ([-617], [-62])
    again = till.post(client, RECEIPTS, message | {"phone": PHONE})
    assert (again.status_code, again.json, points_of(member)) == (200, body, (123, 0))
    assert till.post(client, RECEIPTS, message).json == body


@pytest.mark.parametrize("by", ["phone", "card_no", "member_code"])
def test_however_the_buyer_is_named(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock, by: str
) -> None:
    message = receipt(contract, clock, phone="无")
    till.post(client, RECEIPTS, message)
    code = member_codes.mint(member, now=clock.now).text
    named = {"phone": PHONE, "card_no": member.card_no, "member_code": code}
    answer = till.post(client, RECEIPTS, message | {"phone": None, by: named[by]})
    assert (answer.json or {})["points"] == 123
    clock.advance(minutes=10)
    late = till.post(client, RECEIPTS, message | {"phone": None, by: named[by]})
    assert (late.status_code, late.json) == (200, answer.json)  # a code that is over still says whose it was


@pytest.mark.parametrize("by", ["phone", "card_no", "member_code", "nobody's phone", "nobody's card"])
def test_another_buyer_is_a_conflict_and_sees_nothing_of_the_first(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock, by: str
) -> None:
    other = make_member(contract.mall, phone="13700000001")
    message = receipt(contract, clock)
    till.post(client, RECEIPTS, message | {"phone": PHONE})
    code = member_codes.mint(other, now=clock.now).text
    named: dict[str, dict[str, str | None]] = {
        "phone": {"phone": "13700000001"},
        "card_no": {"card_no": other.card_no},
        "member_code": {"member_code": code},
        "nobody's phone": {"phone": "13700000099"},
        "nobody's card": {"card_no": "000000"},
    }
    refused = till.post(client, RECEIPTS, message | named[by])
    assert error_of(refused) == (409, "receipt_of_another")
    assert "139" not in refused.get_data(as_text=True)
    assert (points_of(member), points_of(other)) == ((123, 0), (0, 0))
    if by == "member_code":  # it was not taken by the receipt that is another's
        till.post(client, RECEIPTS, receipt(contract, clock, receipt_no="R2", member_code=code))
        assert points_of(other) == (123, 0)


def test_what_was_refunded_in_the_inbox_comes_along(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    message = receipt(contract, clock)
    till.post(client, RECEIPTS, message)
    for number, part in enumerate([-2_000, -345]):
        back = receipt(contract, clock, receipt_no=f"RF{number}", amount_fen=part, refund_of="R1")
        assert till.post(client, RECEIPTS, back).status_code == 201
    answer = till.post(client, RECEIPTS, message | {"phone": PHONE})
    assert (answer.json or {})["points"] == 123
    assert (count(InboxReceipt), points_of(member), growth.value_of(member.id)) == (0, (99, 0), 100)
    assert sum(amounts("commission")) == -500
    assert list(db.session.scalars(select(Purchase.amount_fen).order_by(Purchase.id))) == [12_345, -2_000, -345]
    again = receipt(contract, clock, receipt_no="RF0", amount_fen=-2_000, refund_of="R1")
    assert (till.post(client, RECEIPTS, again).json or {})["points"] == -20
    rest = receipt(contract, clock, receipt_no="RF9", amount_fen=-10_001, refund_of="R1")
    assert error_of(till.post(client, RECEIPTS, rest)) == (409, "refund_exceeds_purchase")
    assert points_queries.list_disagreements() == []


def test_a_buyer_who_has_not_joined_leaves_it_in_the_inbox(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    message = receipt(contract, clock)
    till.post(client, RECEIPTS, message)
    answer = till.post(client, RECEIPTS, message | {"phone": "13700000099"})
    assert (answer.status_code, (answer.json or {})["member"]) == (200, None)
    assert (count(InboxReceipt), count(Purchase), count(Posting)) == (1, 0, 0)


def test_a_refund_belongs_to_its_purchase_whoever_brings_it_back(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    make_member(contract.mall, phone="13700000001")
    till.post(client, RECEIPTS, receipt(contract, clock, phone=PHONE))
    back = receipt(contract, clock, receipt_no="RF1", amount_fen=-12_345, refund_of="R1", phone="13700000001")
    assert [till.post(client, RECEIPTS, back).status_code for _ in range(2)] == [201, 200]
    assert points_of(member) == (0, 0)
