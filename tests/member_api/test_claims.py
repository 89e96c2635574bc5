"""A member claims receipts: mine at once, somebody else's, or one that people look at."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.access.audit import Actor
from app.cases.models import Case
from app.flows import purchases
from app.flows.claims import claiming
from app.flows.purchases import Buyer
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.points.ledger import queries as points_queries
from app.purchases import bulk
from app.purchases.claims import receipt_codes
from app.purchases.claims.models import ReceiptClaim
from app.purchases.claims.receipt_codes import Printed
from app.purchases.models import InboxReceipt, Purchase
from app.purchases.photos.errors import ReceiptToldOtherwise
from app.purchases.receipts import dismiss_unowned
from app.purchases.rules import Receipt
from app.purchases.settings import settings
from app.purchases.settings.settings import Settings
from app.purchases.waiting.models import WaitingReceipt
from app.workers import receipts
from tests.builders.identity import make_member
from tests.builders.machines import make_machine
from tests.builders.malls import make_store
from tests.builders.settlement import Contract
from tests.support.clock import StillClock
from tests.support.member_api import Device, sign_in

BY = Actor("system", None, "张岚")


@pytest.fixture
def device(client: FlaskClient, member: Member) -> Device:
    return sign_in(client, member)


def ring_up(
    contract: Contract, clock: StillClock, number: str = "R1", buyer: Buyer | None = None, **facts: Any
) -> None:
    told: dict[str, Any] = {
        "source": "pos",
        "occurred_at": clock.now - timedelta(hours=2),
        "amount_fen": 12_345,
    } | facts
    receipt = Receipt(receipt_no=number, store_code=contract.store.code, **told)
    purchases.record_purchase(receipt, contract.store, buyer or Buyer(), now=clock.now)


def told(contract: Contract, clock: StillClock, **facts: Any) -> dict[str, Any]:
    day = app_clock.business_date(clock.now - timedelta(hours=2))
    wish = {"store_code": contract.store.code, "receipt_no": "R1", "amount_fen": 12_345, "day": day.isoformat()}
    return wish | facts


def claim(device: Device, wish: dict[str, Any]) -> dict[str, Any]:
    answer = device.post("/members/me/receipt-claims", wish)
    body: dict[str, Any] = answer.get_json()
    return body | {"status": answer.status_code}


def points_of(member: Member) -> int:
    return points_queries.get_balance(member.id).available_points


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.requirement("S3.1")
def test_a_receipt_that_the_till_sent_is_mine(
    contract: Contract, member: Member, device: Device, clock: StillClock
) -> None:
    ring_up(contract, clock)
    clock.advance(days=3)
    wish = told(contract, clock, day=(app_clock.business_date(clock.now) - timedelta(days=3)).isoformat())
    first, again = claim(device, wish), claim(device, wish)
    assert (first["status"], first["state"], first["reason"], again) == (200, "approved", None, first)
    assert (points_of(member), count(InboxReceipt), count(Purchase), count(ReceiptClaim)) == (123, 0, 1, 1)
    bought = db.session.scalars(select(Purchase)).one()
    assert (bought.member_id, bought.occurred_at.date()) == (member.id, (clock.now - timedelta(days=3, hours=2)).date())
    assert [one["state"] for one in device.get("/members/me/receipt-claims").get_json()["items"]] == ["approved"]


@pytest.mark.parametrize(
    "wrong", [{"amount_fen": 12_346}, {"receipt_no": "R2"}, {"day": "yesterday"}, {"store_code": "other"}]
)
def test_a_wrong_guess_tells_nothing_of_the_receipt_that_is_here(
    contract: Contract, member: Member, device: Device, clock: StillClock, wrong: dict[str, Any]
) -> None:
    if "day" in wrong:
        wrong = {"day": (app_clock.business_date(clock.now) - timedelta(days=1)).isoformat()}
    if "store_code" in wrong:
        wrong = {"store_code": make_store(contract.mall, contract.merchant).code}
    nothing_here = claim(device, told(contract, clock, **wrong))
    db.session.query(ReceiptClaim).delete()
    ring_up(contract, clock, buyer=Buyer(card_no=make_member(contract.mall).card_no))
    guessed = claim(device, told(contract, clock, **wrong))
    assert {**guessed, "id": ""} == {**nothing_here, "id": ""}
    assert (guessed["state"], points_of(member)) == ("pending", 0)


def test_what_is_somebody_elses_is_refused_clearly_and_people_are_asked(
    contract: Contract, member: Member, device: Device, clock: StillClock
) -> None:
    ring_up(contract, clock, buyer=Buyer(card_no=make_member(contract.mall).card_no))
    refused = claim(device, told(contract, clock))
    assert (refused["state"], refused["reason"], points_of(member)) == ("rejected", "这张小票已由其他会员登记", 0)
    assert db.session.scalars(select(Case.kind)).all() == ["claim_disputed"]
    assert (claim(device, told(contract, clock)), count(Case), count(ReceiptClaim)) == (refused, 1, 1)


def test_what_is_mine_already_needs_no_claim(
    contract: Contract, member: Member, device: Device, clock: StillClock
) -> None:
    ring_up(contract, clock, buyer=Buyer(card_no=member.card_no))
    refused = claim(device, told(contract, clock))
    assert (refused["status"], refused["error"]["code"], points_of(member)) == (409, "claim_not_needed", 123)


def test_a_claim_ahead_of_its_receipt_is_approved_when_the_till_sends_it(
    contract: Contract, member: Member, device: Device, clock: StillClock
) -> None:
    assert claim(device, told(contract, clock))["state"] == "pending"
    assert receipts.match_claims(limit=9) == 0
    ring_up(contract, clock)
    assert (receipts.match_claims(limit=9), receipts.match_claims(limit=9)) == (1, 0)
    assert (points_of(member), count(InboxReceipt)) == (123, 0)


def test_claims_that_stay_pending_keep_none_of_the_later_ones_waiting(
    contract: Contract, member: Member, device: Device, clock: StillClock
) -> None:
    for number in ("R7", "R8", "R1"):
        assert claim(device, told(contract, clock, receipt_no=number))["state"] == "pending"
    ring_up(contract, clock)
    assert (receipts.match_claims(limit=1), points_of(member)) == (1, 123)


def test_a_claim_of_what_the_till_credits_by_itself_meanwhile_asks_nobody(
    contract: Contract, member: Member, device: Device, clock: StillClock
) -> None:
    claim(device, told(contract, clock))
    ring_up(contract, clock, "R1", Buyer(member_id=make_member(contract.mall).id), amount_fen=500)
    assert receipts.match_claims(limit=9) == 0
    ring_up(contract, clock, "R2", Buyer(member_id=member.id))
    claim(device, told(contract, clock, receipt_no="R3"))
    ring_up(contract, clock, "R3", Buyer(member_id=member.id))
    assert (receipts.match_claims(limit=9), receipts.match_claims(limit=9)) == (1, 0)
    decided = db.session.scalars(select(ReceiptClaim).where(ReceiptClaim.receipt_no == "R3")).one()
    assert (decided.state, decided.fact, decided.decided_by) == ("approved", "purchase:pos:R3", None)
    assert (points_of(member), count(Purchase)) == (246, 3)


def test_an_approved_claim_and_the_tills_receipt_later_are_one_purchase(
    contract: Contract, member: Member, device: Device, clock: StillClock
) -> None:
    claim(device, told(contract, clock))
    pending = db.session.scalars(select(ReceiptClaim)).one()
    claiming.approve(member.id, pending.id, BY, now=clock.now)
    assert (points_of(member), pending.state, pending.decided_by) == (123, "approved", "张岚")
    ring_up(contract, clock)
    ring_up(contract, clock, "B1", amount_fen=-12_345, refund_of="R1")
    assert (points_of(member), count(Purchase), count(InboxReceipt)) == (0, 2, 0)


@pytest.mark.parametrize(
    ("number", "amount_fen", "days", "waiting"),
    [
        ("0001", 12_345, 0, 1),
        ("R1", 12_344, 0, 1),
        ("0001", 12_344, 0, 0),
        ("0001", 12_345, 1, 0),
        ("R1", 12_344, 1, 0),
    ],
)
def test_what_a_till_tells_otherwise_of_what_a_member_brought_is_for_people(
    contract: Contract,
    member: Member,
    device: Device,
    clock: StillClock,
    number: str,
    amount_fen: int,
    days: int,
    waiting: int,
) -> None:
    claim(device, told(contract, clock, receipt_no=number))
    claiming.approve(member.id, db.session.scalars(select(ReceiptClaim)).one().id, BY, now=clock.now)
    clock.advance(days=days)
    purchase = Receipt(
        source="pos",
        receipt_no="R1",
        store_code=contract.store.code,
        occurred_at=clock.now - timedelta(hours=4),
        amount_fen=amount_fen,
    )
    assert purchase.key in bulk.list_delicate([(purchase, contract.store)]) or not waiting
    ring_up(contract, clock, "R1", Buyer(member_id=member.id), amount_fen=amount_fen, occurred_at=purchase.occurred_at)
    assert (count(WaitingReceipt), count(Purchase)) == (waiting, 2 - waiting)


def test_a_claim_of_another_sum_than_the_tills_is_not_approved(
    contract: Contract, member: Member, device: Device, clock: StillClock
) -> None:
    claim(device, told(contract, clock))
    ring_up(contract, clock, amount_fen=500)
    pending = db.session.scalars(select(ReceiptClaim)).one()
    with pytest.raises(ReceiptToldOtherwise):
        claiming.approve(member.id, pending.id, BY, now=clock.now)
    assert (points_of(member), pending.state) == (0, "pending")


def test_a_rejected_claim_says_why_and_may_be_made_anew(
    contract: Contract, member: Member, device: Device, clock: StillClock
) -> None:
    claim(device, told(contract, clock))
    pending = db.session.scalars(select(ReceiptClaim)).one()
    claiming.reject(member.id, pending.id, "not_found", BY, note="请核对小票号", now=clock.now)
    (shown,) = device.get("/members/me/receipt-claims").get_json()["items"]
    assert (shown["state"], shown["state_name"], shown["reason"]) == ("rejected", "未通过", "请核对小票号")
    assert claim(device, told(contract, clock))["state"] == "pending"


@pytest.mark.parametrize("is_signed", [True, False])
def test_the_code_on_the_receipt_says_it_all(
    contract: Contract, member: Member, device: Device, clock: StillClock, is_signed: bool
) -> None:
    till = make_machine(contract.mall, "pos")
    day = app_clock.business_date(clock.now - timedelta(hours=2))
    printed = Printed(store_code=contract.store.code, receipt_no="R1", amount_fen=12_345, day=day)
    signed = {"client_id": till.client_id, "secret": till.secret} if is_signed else {}
    code = receipt_codes.write(printed, **signed)
    assert claim(device, {"code": f"https://pos.example/r?c={code}"})["state"] == "pending"
    assert db.session.scalars(select(ReceiptClaim.is_signed)).one() is is_signed
    if is_signed:
        wrong = claim(device, {"code": code.replace("|12345|", "|99999|")})
        assert (wrong["status"], wrong["error"]["code"]) == (422, "receipt_code_invalid")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"code": "HTR1|a|b"}, "receipt_code_invalid"),
        ({"code": "https://example.com"}, "receipt_code_invalid"),
        ({"code": "HTR1|S|R1|1|20261399"}, "receipt_code_invalid"),
        ({"code": "HTR1|S|R1|0|20260301"}, "receipt_code_invalid"),
        ({"code": "HTR1|S|R1|1000000001|20260301"}, "receipt_code_invalid"),
        ({"code": "HTR1|S|R\n1|100|20260301"}, "receipt_code_invalid"),
        ({"code": f"HTR1|S|{'R' * 65}|100|20260301"}, "receipt_code_invalid"),
        ({"code": "HTR1|NOWHERE|R1|100|20260301"}, "claim_store_unknown"),
        ({"amount_fen": 0}, "validation_failed"),
        ({"amount_fen": -5}, "validation_failed"),
        ({"amount_fen": 10**12}, "validation_failed"),
        ({"receipt_no": "小票"}, "validation_failed"),
        ({"store_code": "NOWHERE"}, "claim_store_unknown"),
        ({"day": "2020-01-01"}, "claim_too_old"),
        ({"day": "2099-01-01"}, "claim_too_old"),
        ({"day": None}, "validation_failed"),
    ],
)
def test_bad_claims_are_refused_and_leave_nothing(
    contract: Contract, member: Member, device: Device, clock: StillClock, wrong: dict[str, Any], code: str
) -> None:
    refused = claim(device, wrong if "code" in wrong else told(contract, clock, **wrong))
    assert 400 <= refused["status"] < 500
    assert (refused["error"]["code"], count(ReceiptClaim)) == (code, 0)


def test_claims_are_few_a_day_as_the_mall_says(
    contract: Contract, member: Member, device: Device, clock: StillClock
) -> None:
    settings.change(contract.mall.id, Settings(claims_per_day=2))
    for number in ("R1", "R2"):
        assert claim(device, told(contract, clock, receipt_no=number))["status"] == 200
    refused = claim(device, told(contract, clock, receipt_no="R3"))
    assert (refused["status"], refused["error"]["code"]) == (429, "claims_used_up")
    assert device.get("/members/me/receipt-claims").get_json()["left"] == 0
    clock.advance(days=1)
    assert device.get("/members/me/receipt-claims").get_json()["left"] == 2


def test_what_people_set_aside_is_nobodys_to_take(
    contract: Contract, member: Member, device: Device, clock: StillClock
) -> None:
    ring_up(contract, clock)
    inbox_id = db.session.scalars(select(InboxReceipt.id)).one()
    assert dismiss_unowned(inbox_id, by="张岚", reason="test", now=clock.now)
    assert (claim(device, told(contract, clock))["state"], points_of(member)) == ("pending", 0)
