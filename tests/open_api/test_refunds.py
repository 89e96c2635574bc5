"""Refunds as tills send them: what is taken back, and what is refused."""

from typing import Any

from flask.testing import FlaskClient

from app.identity.models import Member
from app.kernel.reasons import note
from app.points.ledger import ledger
from app.points.ledger import queries as points_queries
from app.purchases.models import InboxReceipt
from app.settlement.ledger.models import Posting
from app.tiers.growth import growth
from tests.builders.identity import make_member
from tests.builders.machines import Machine
from tests.builders.settlement import Contract, make_contract
from tests.open_api.receipts import PHONE, RECEIPTS, amounts, count, error_of, points_of, receipt
from tests.support.clock import StillClock


def refund(contract: Contract, clock: StillClock, number: int, amount_fen: int, **facts: Any) -> dict[str, Any]:
    return receipt(contract, clock, receipt_no=f"RF{number}", amount_fen=amount_fen, refund_of="R1", **facts)


def test_refunds_in_parts_take_points_growth_and_commission_back_to_nothing(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, receipt(contract, clock, phone=PHONE))
    clock.advance(days=1)
    answers = [
        till.post(client, RECEIPTS, refund(contract, clock, n, -part)) for n, part in enumerate([5_000, 7_000, 345])
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert sum((answer.json or {})["points"] for answer in answers) == -123
    assert points_of(member) == (0, 0)
    assert growth.value_of(member.id) == 0
    assert (sum(amounts("commission")), sum(amounts("points_issued"))) == (0, 0)
    assert points_queries.list_disagreements() == []


def test_a_refund_again_is_one_refund(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, receipt(contract, clock, phone=PHONE))
    message = refund(contract, clock, 1, -12_345)
    first, again = till.post(client, RECEIPTS, message), till.post(client, RECEIPTS, message)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert points_of(member) == (0, 0)


def test_points_already_spent_are_owed_after_a_refund(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, receipt(contract, clock, phone=PHONE))
    ledger.redeem(member.id, points=100, reason=note("测试"), fact="test:spent", now=clock.now)
    till.post(client, RECEIPTS, refund(contract, clock, 1, -12_345))
    assert points_of(member) == (0, 100)
    till.post(client, RECEIPTS, receipt(contract, clock, receipt_no="R2", amount_fen=15_000, phone=PHONE))
    assert points_of(member) == (50, 0)


def test_more_than_the_purchase_cannot_be_refunded(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, receipt(contract, clock, phone=PHONE))
    till.post(client, RECEIPTS, refund(contract, clock, 1, -12_000))
    refused = till.post(client, RECEIPTS, refund(contract, clock, 2, -346))
    assert error_of(refused) == (409, "refund_exceeds_purchase")
    assert till.post(client, RECEIPTS, refund(contract, clock, 2, -345)).status_code == 201


def test_a_refund_belongs_to_whose_purchase_it_was_whatever_the_till_says(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    stranger = make_member(contract.mall, phone="13800000001")
    till.post(client, RECEIPTS, receipt(contract, clock, phone=PHONE))
    till.post(client, RECEIPTS, refund(contract, clock, 1, -12_345, phone="13800000001"))
    assert (points_of(member), points_of(stranger)) == ((0, 0), (0, 0))


def test_a_refund_of_a_refund_or_of_another_merchants_receipt_is_refused(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    other = make_contract(contract.mall)
    till.post(client, RECEIPTS, receipt(contract, clock, phone=PHONE))
    till.post(client, RECEIPTS, refund(contract, clock, 1, -100))
    of_refund = refund(contract, clock, 2, -50) | {"refund_of": "RF1"}
    elsewhere = refund(contract, clock, 3, -50) | {"store_code": other.store.code}
    for message in (of_refund, elsewhere):
        assert error_of(till.post(client, RECEIPTS, message)) == (404, "refunded_receipt_not_found")


def test_a_refund_of_an_unowned_receipt_waits_beside_it_and_keeps_within_it(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, receipt(contract, clock))
    assert till.post(client, RECEIPTS, refund(contract, clock, 1, -12_000)).status_code == 201
    refused = till.post(client, RECEIPTS, refund(contract, clock, 2, -346))
    assert error_of(refused) == (409, "refund_exceeds_purchase")
    assert (count(InboxReceipt), count(Posting)) == (2, 0)
