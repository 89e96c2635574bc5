"""One payment that several sources tell of is one purchase; what only looks like one is not."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.identity.models import Member
from app.kernel.db import db
from app.purchases.models import InboxReceipt, Purchase, PurchaseLine, PurchasePayment
from app.purchases.waiting.models import WaitingReceipt
from app.settlement.ledger.models import Posting
from tests.builders.identity import make_member
from tests.builders.machines import Machine
from tests.builders.malls import make_store
from tests.builders.settlement import Contract
from tests.open_api.receipts import PHONE, RECEIPTS, amounts, count, error_of, points_of, receipt
from tests.support.clock import StillClock

OTHER_PHONE = "13700000001"
LINES = [{"category_code": "food", "line_no": 1, "amount_fen": 12_345}]


def paid(transaction_id: str, amount_fen: int = 12_345, method: str = "wechat") -> list[dict[str, Any]]:
    return [{"method": method, "amount_fen": amount_fen, "transaction_id": transaction_id}]


def told(contract: Contract, clock: StillClock, source: str, number: str = "N1", **facts: Any) -> dict[str, Any]:
    return receipt(contract, clock, source=source, receipt_no=number, **facts)


@pytest.mark.requirement("S0.47", "S3.1", "S3.22")
@pytest.mark.parametrize("minutes", [0, 25])
def test_the_same_transaction_is_one_purchase_whenever_it_is_told(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock, minutes: int
) -> None:
    first = till.post(client, RECEIPTS, told(contract, clock, "pos", phone=PHONE, payments=paid("T1")))
    clock.advance(minutes=minutes)
    again = told(contract, clock, "circle", phone=PHONE, payments=paid("T1"), lines=LINES)
    second = till.post(client, RECEIPTS, again)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json == till.post(client, RECEIPTS, again).json
    assert (count(Purchase), count(PurchasePayment), count(PurchaseLine)) == (1, 1, 1)
    assert (points_of(member), amounts("commission")) == ((123, 0), [-617])


def test_without_a_transaction_the_same_sum_in_the_same_store_at_that_time_is_one(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, told(contract, clock, "pos", phone=PHONE))
    clock.advance(minutes=10)
    assert till.post(client, RECEIPTS, told(contract, clock, "kiosk", phone=PHONE)).status_code == 200
    clock.advance(seconds=1)
    assert till.post(client, RECEIPTS, told(contract, clock, "circle", phone=PHONE)).status_code == 201
    assert (count(Purchase), points_of(member)) == (2, (246, 0))


@pytest.mark.parametrize("is_named_first", [True, False])
def test_it_is_the_members_whichever_telling_names_them(
    client: FlaskClient,
    contract: Contract,
    till: Machine,
    member: Member,
    clock: StillClock,
    is_named_first: bool,
) -> None:
    named, unnamed = told(contract, clock, "circle", phone=PHONE), told(contract, clock, "pos", lines=LINES)
    messages = [named, unnamed] if is_named_first else [unnamed, named]
    bodies = [till.post(client, RECEIPTS, message).json or {} for message in messages]
    assert bodies[1]["points"] == 123
    assert (count(Purchase), count(InboxReceipt), count(PurchaseLine), points_of(member)) == (1, 0, 1, (123, 0))
    assert amounts("commission") == [-617]


def test_two_strangers_coffees_stay_two_until_one_of_them_says_who_they_are(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    for source in ("pos", "kiosk"):
        assert till.post(client, RECEIPTS, told(contract, clock, source)).status_code == 201
    assert count(InboxReceipt) == 2
    till.post(client, RECEIPTS, told(contract, clock, "pos", phone=PHONE))
    assert (count(InboxReceipt), count(Purchase), points_of(member)) == (0, 1, (123, 0))


@pytest.mark.parametrize(
    "changed",
    [
        {"source": "pos", "receipt_no": "N2"},
        {"phone": OTHER_PHONE},
        {"amount_fen": 12_346},
        {"store_code": "other"},
        {"later": 11},
    ],
)
def test_what_differs_in_one_thing_is_another_purchase(
    client: FlaskClient,
    contract: Contract,
    till: Machine,
    member: Member,
    clock: StillClock,
    changed: dict[str, Any],
) -> None:
    make_member(contract.mall, phone=OTHER_PHONE)
    till.post(client, RECEIPTS, told(contract, clock, "pos", phone=PHONE))
    clock.advance(minutes=changed.pop("later", 0))
    if "store_code" in changed:
        changed = {"store_code": make_store(contract.mall, contract.merchant).code}
    other = told(contract, clock, "kiosk", phone=PHONE) | changed
    assert till.post(client, RECEIPTS, other).status_code == 201
    assert count(Purchase) == 2


def test_who_could_be_several_waits_for_people_and_nothing_is_counted(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    for number in ("N1", "N2"):
        till.post(client, RECEIPTS, told(contract, clock, "pos", number))
    message = told(contract, clock, "circle", phone=PHONE)
    for _ in range(2):
        answer = till.post(client, RECEIPTS, message)
        assert (answer.status_code, (answer.json or {})["waits_for"]) == (202, "decision")
    assert (count(WaitingReceipt), count(InboxReceipt), count(Purchase), count(Posting)) == (1, 2, 0, 0)


def test_a_source_tells_once_of_each_so_of_two_equal_payments_each_finds_its_own(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, told(contract, clock, "pos", "N1"))
    till.post(client, RECEIPTS, told(contract, clock, "circle", "C1", phone=PHONE))
    till.post(client, RECEIPTS, told(contract, clock, "pos", "N2"))
    assert till.post(client, RECEIPTS, told(contract, clock, "circle", "C2", phone=PHONE)).status_code == 200
    assert (count(Purchase), points_of(member)) == (2, (246, 0))


def test_a_transaction_with_another_sum_or_of_another_merchant_is_doubtful(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, told(contract, clock, "pos", phone=PHONE, payments=paid("T1")))
    more = told(contract, clock, "circle", phone=PHONE, amount_fen=20_000, payments=paid("T1", 20_000))
    assert till.post(client, RECEIPTS, more).status_code == 202
    assert points_of(member) == (123, 0)


def test_who_knows_of_one_part_only_tells_of_the_same(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    parts = [*paid("T1", 10_000), {"method": "cash", "amount_fen": 2_345}]
    till.post(client, RECEIPTS, told(contract, clock, "pos", payments=parts))
    part = told(contract, clock, "circle", phone=PHONE, amount_fen=10_000, payments=paid("T1", 10_000))
    assert (till.post(client, RECEIPTS, part).json or {})["points"] == 123
    kept = db.session.scalars(select(PurchasePayment.amount_fen).order_by(PurchasePayment.part_no)).all()
    assert kept == [10_000, 2_345]


@pytest.mark.parametrize("by", ["pos", "circle"])
def test_it_is_refunded_by_either_number_and_a_refund_told_twice_is_one(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock, by: str
) -> None:
    other = "circle" if by == "pos" else "pos"
    for source in ("pos", "circle"):
        till.post(client, RECEIPTS, told(contract, clock, source, phone=PHONE))
    clock.advance(minutes=30)
    back = {"amount_fen": -2_345, "refund_of": "N1"}
    first = till.post(client, RECEIPTS, told(contract, clock, by, "B1", **back))
    second = till.post(client, RECEIPTS, told(contract, clock, other, "B1", **back))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    assert (points_of(member), sum(amounts("commission"))) == ((99, 0), -500)
    clock.advance(minutes=30)  # the rest, told half an hour apart: it cannot have been given back twice
    rest = {"amount_fen": -10_000, "refund_of": "N1"}
    till.post(client, RECEIPTS, told(contract, clock, by, "B2", **rest))
    clock.advance(minutes=30)
    assert till.post(client, RECEIPTS, told(contract, clock, other, "B2", **rest)).status_code == 200
    assert (points_of(member), sum(amounts("commission"))) == ((0, 0), 0)


def test_refunds_of_a_receipt_of_nobody_come_along_whoever_told_of_them(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, told(contract, clock, "pos", payments=paid("T1")))
    till.post(client, RECEIPTS, told(contract, clock, "circle", payments=paid("T1")))
    for source in ("circle", "pos"):
        back = told(contract, clock, source, "B1", amount_fen=-2_345, refund_of="N1")
        till.post(client, RECEIPTS, back)
    assert count(InboxReceipt) == 2
    till.post(client, RECEIPTS, told(contract, clock, "circle", phone=PHONE, payments=paid("T1")))
    assert (count(InboxReceipt), points_of(member)) == (0, (99, 0))


def test_a_second_telling_that_names_somebody_else_shows_nothing_of_the_first(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    other = make_member(contract.mall, phone=OTHER_PHONE)
    till.post(client, RECEIPTS, told(contract, clock, "pos", phone=PHONE, payments=paid("T1")))
    message = told(contract, clock, "circle", phone=OTHER_PHONE, payments=paid("T1"))
    for _ in range(2):
        answer = till.post(client, RECEIPTS, message)
        assert (answer.status_code, (answer.json or {})["member"], (answer.json or {})["points"]) == (200, None, 0)
    assert (points_of(member), points_of(other)) == ((123, 0), (0, 0))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"payments": paid("T1", 12_344)}, "payments_sum"),
        ({"payments": [*paid("T1", 12_346), *paid("T2", -1)]}, "payments_sum"),
        ({"payments": [*paid("T1", 12_000), *paid("T1", 345)]}, "payment_twice"),
        ({"amount_fen": 0, "commission_base_fen": 1}, "commission_base"),
        ({"amount_fen": -1, "refund_of": "R0", "commission_base_fen": 1}, "commission_base"),
    ],
)
def test_parts_that_contradict_the_receipt_are_refused(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock, wrong: dict[str, Any], reason: str
) -> None:
    answer = till.post(client, RECEIPTS, receipt(contract, clock, **wrong))
    assert error_of(answer) == (422, "receipt_invalid")
    assert (answer.json or {})["error"]["fields"] == {"reason": reason}
    assert (count(InboxReceipt), count(WaitingReceipt)) == (0, 0)


@pytest.mark.requirement("S3.22")
def test_commission_is_of_its_own_base_and_goes_back_in_proportion(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, receipt(contract, clock, phone=PHONE, amount_fen=10_000, commission_base_fen=7_001))
    assert amounts("commission") == [-350]
    for number, part in enumerate((-3_333, -3_333, -3_334)):
        back = receipt(contract, clock, receipt_no=f"B{number}", amount_fen=part, refund_of="R1")
        till.post(client, RECEIPTS, back)
    bases = db.session.scalars(select(Posting.base_fen).where(Posting.kind == "commission")).all()
    assert (sum(bases), sum(amounts("commission")), points_of(member)) == (0, 0, (0, 0))


def test_a_refund_may_come_before_its_purchase_and_is_applied_when_that_comes(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    back = receipt(contract, clock, receipt_no="B1", amount_fen=-2_345, refund_of="R1")
    for _ in range(2):
        answer = till.post(client, RECEIPTS, back)
        assert (answer.status_code, (answer.json or {})["waits_for"]) == (202, "purchase")
    assert error_of(till.post(client, RECEIPTS, back | {"amount_fen": -1})) == (409, "receipt_conflict")
    clock.advance(hours=1)
    message = receipt(contract, clock, phone=PHONE) | {"occurred_at": (clock.now - timedelta(hours=2)).isoformat()}
    assert (till.post(client, RECEIPTS, message).json or {})["points"] == 123
    assert (points_of(member), count(Purchase), count(WaitingReceipt)) == ((99, 0), 2, 0)
    again = till.post(client, RECEIPTS, back)
    assert (again.status_code, (again.json or {})["points"]) == (200, -24)


def test_refunds_ahead_are_applied_in_the_inbox_by_whatever_number_and_told_once(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    for source in ("pos", "circle"):
        till.post(client, RECEIPTS, told(contract, clock, source, "B1", amount_fen=-12_345, refund_of="N1"))
    assert count(WaitingReceipt) == 2
    till.post(client, RECEIPTS, told(contract, clock, "pos", payments=paid("T1")))
    assert (count(WaitingReceipt), count(InboxReceipt)) == (1, 2)
    till.post(client, RECEIPTS, told(contract, clock, "circle", phone=PHONE, payments=paid("T1")))
    assert (count(WaitingReceipt), count(InboxReceipt), count(Purchase)) == (0, 0, 2)
    assert (points_of(member), sum(amounts("commission"))) == ((0, 0), 0)


def test_a_refund_ahead_that_its_purchase_cannot_bear_keeps_waiting_for_people(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, receipt(contract, clock, receipt_no="B1", amount_fen=-12_346, refund_of="R1"))
    assert till.post(client, RECEIPTS, receipt(contract, clock, phone=PHONE)).status_code == 201
    held = db.session.scalars(select(WaitingReceipt)).one()
    assert (held.obstacle, points_of(member)) == ("refund_exceeds_purchase", (123, 0))
