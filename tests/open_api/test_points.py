"""Points at a merchant's own till: held by the member's code, taken, let go, given back; signed, once per key."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.flows.points import till_points
from app.identity.codes import member_codes
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.security import signing
from app.kernel.security.signing import Call
from app.points.ledger import queries as points_queries
from app.points.till.models import PointsPayment
from app.settlement.ledger.models import Posting
from tests.builders.machines import Machine, make_machine
from tests.builders.settlement import Contract, make_contract
from tests.builders.till_points import give_points
from tests.open_api import receipts
from tests.support.clock import StillClock

PAYMENTS = "/open/v1/points/payments"


@pytest.fixture
def saver(member: Member) -> Member:
    give_points(member, 10_000)
    return member


def code_of(member: Member) -> str:
    return member_codes.mint(member, now=app_clock.now()).text


def hold(
    client: FlaskClient, till: Machine, contract: Contract, code: str, points: int, key: str = "key-00000001"
) -> TestResponse:
    body = {"store_code": contract.store.code, "member_code": code, "points": points}
    return till.post(client, PAYMENTS, body, **{"Idempotency-Key": key})


def move(client: FlaskClient, till: Machine, payment: str, step: str, key: str | None = None) -> TestResponse:
    return till.post(client, f"{PAYMENTS}/{payment}/{step}", {}, **{"Idempotency-Key": key or f"key-{step}-000"})


def available(member: Member) -> int:
    db.session.expire_all()
    return points_queries.get_balance(member.id).available_points


@pytest.mark.requirement("S3.8")
def test_points_are_held_and_taken_at_the_contract_price(
    client: FlaskClient, contract: Contract, till: Machine, saver: Member
) -> None:
    held = hold(client, till, contract, code_of(saver), 1_200)
    body = held.json or {}
    assert (held.status_code, body["status"], body["consented"], body["worth_fen"]) == (201, "awaiting", True, 1_200)
    assert (available(saver), posted()) == (8_800, 0)
    for key in ("key-taken-001", "key-taken-001", "key-taken-002"):
        taken = move(client, till, body["payment_id"], "capture", key)
        assert (taken.status_code, (taken.json or {})["status"]) == (200, "paid")
    assert (available(saver), posted()) == (8_800, 1_200)
    back = move(client, till, body["payment_id"], "reverse")
    assert ((back.json or {})["status"], available(saver), posted()) == ("reversed", 10_000, 0)


def test_a_till_waits_for_the_phone_before_it_takes_more_than_the_code_gives(
    client: FlaskClient, contract: Contract, till: Machine, saver: Member
) -> None:
    payment = (hold(client, till, contract, code_of(saver), 5_000).json or {})["payment_id"]
    assert receipts.error_of(move(client, till, payment, "capture")) == (409, "points_payment_not_confirmed")
    assert show(client, till, payment)["consented"] is False
    till_points.confirm_payment(saver.id, payment, now=app_clock.now())
    assert show(client, till, payment) == show(client, till, payment) | {"consented": True, "status": "awaiting"}
    taken = move(client, till, payment, "capture", "key-taken-002")
    assert (taken.json or {})["status"] == "paid"


def test_what_is_let_go_is_free_and_stays_so(
    client: FlaskClient, contract: Contract, till: Machine, saver: Member
) -> None:
    payment = (hold(client, till, contract, code_of(saver), 1_200).json or {})["payment_id"]
    assert (move(client, till, payment, "release").json or {})["status"] == "released"
    assert available(saver) == 10_000
    assert receipts.error_of(move(client, till, payment, "capture")) == (409, "points_payment_over")


def test_the_same_key_holds_once_and_another_order_under_it_is_refused(
    client: FlaskClient, contract: Contract, till: Machine, saver: Member
) -> None:
    code = code_of(saver)
    first, second = (hold(client, till, contract, code, 700) for _ in range(2))
    assert first.json == second.json and available(saver) == 9_300
    assert receipts.error_of(hold(client, till, contract, code, 800)) == (409, "idempotency_conflict")
    assert receipts.error_of(hold(client, till, contract, code, 700, "key-00000002")) == (409, "points_code_spent")
    assert db.session.scalar(select(func.count()).select_from(PointsPayment)) == 1


def test_a_fresh_code_is_not_blamed_for_a_payment_that_waits(
    client: FlaskClient, contract: Contract, till: Machine, saver: Member, clock: StillClock
) -> None:
    waiting = (hold(client, till, contract, code_of(saver), 700).json or {})["payment_id"]
    clock.advance(seconds=1)
    fresh = code_of(saver)
    refused = hold(client, till, contract, fresh, 700, "key-00000002")
    assert receipts.error_of(refused) == (409, "points_payment_waits")
    move(client, till, waiting, "release")
    assert hold(client, till, contract, fresh, 700, "key-00000003").status_code == 201


def test_the_code_that_paid_names_the_customer_of_the_receipt_too(
    client: FlaskClient, contract: Contract, till: Machine, saver: Member, clock: StillClock
) -> None:
    code = code_of(saver)
    hold(client, till, contract, code, 700)
    answer = till.post(client, receipts.RECEIPTS, receipts.receipt(contract, clock, member_code=code))
    assert answer.status_code == 201 and (answer.json or {})["points"] == 123


@pytest.mark.parametrize("points", [0, -5, 1.5, "7", 10**8])
def test_other_numbers_than_whole_ones_are_refused(
    client: FlaskClient, contract: Contract, till: Machine, saver: Member, points: object
) -> None:
    answer = hold(client, till, contract, code_of(saver), points)  # type: ignore[arg-type]
    assert receipts.error_of(answer) == (422, "validation_failed") and available(saver) == 10_000


def test_a_till_moves_its_own_payments_in_its_own_stores(
    client: FlaskClient, contract: Contract, till: Machine, saver: Member
) -> None:
    payment = (hold(client, till, contract, code_of(saver), 700).json or {})["payment_id"]
    other = make_machine(contract.mall, "pos")
    assert receipts.error_of(move(client, other, payment, "capture")) == (404, "points_payment_not_found")
    elsewhere = make_contract()
    answer = hold(client, till, elsewhere, code_of(saver), 700, "key-00000003")
    assert receipts.error_of(answer) == (404, "store_not_found")
    assert receipts.error_of(till.post(client, PAYMENTS, {})) == (422, "validation_failed")


def posted() -> int:
    """What the merchant is owed for points, in fen."""
    return db.session.scalar(select(func.coalesce(func.sum(Posting.amount_fen), 0))) or 0


def show(client: FlaskClient, till: Machine, payment: str) -> dict[str, object]:
    target = f"{PAYMENTS}/{payment}"
    signed = signing.headers(till.client_id, till.secret, Call("GET", target, b""), now=app_clock.now())
    return dict(client.get(target, headers=signed).json or {})
