"""Tills over HTTP: receipts counted once, for the right member, with all that follows."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.identity.codes import member_codes
from app.identity.models import Member
from app.kernel.db import db
from app.purchases.models import InboxReceipt, Purchase, PurchaseLine
from app.settlement.ledger.models import Posting
from app.tiers.growth import growth
from app.timeline.models import TimelineEvent
from tests.builders.identity import make_visitor
from tests.builders.machines import Machine, make_machine
from tests.builders.malls import make_mall, make_store
from tests.builders.settlement import Contract
from tests.open_api.receipts import PHONE, RECEIPTS, amounts, count, error_of, points_of, receipt
from tests.support.clock import StillClock


@pytest.mark.requirement("S0.33", "S1.11", "S3.1")
def test_a_receipt_with_a_phone_gives_points_growth_postings_and_the_first_flag(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    answer = till.post(client, RECEIPTS, receipt(contract, clock, phone=PHONE))
    body = answer.json or {}
    assert answer.status_code == 201
    assert (body["points"], body["first_purchase"]) == (123, True)
    assert body["member"]["phone_masked"] == "139****5678"
    assert points_of(member) == (123, 0)
    assert growth.value_of(member.id) == 123
    assert (amounts("commission"), amounts("points_issued")) == ([-617], [-62])
    events = db.session.scalars(select(TimelineEvent.kind).where(TimelineEvent.member_id == member.id))
    assert "purchased" in set(events)


def test_only_the_first_purchase_is_flagged(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    answers = [
        till.post(client, RECEIPTS, receipt(contract, clock, receipt_no=f"R{n}", phone=PHONE, amount_fen=amount))
        for n, amount in enumerate([0, 500, 600])
    ]
    assert [(answer.json or {})["first_purchase"] for answer in answers] == [False, True, False]


def test_the_same_receipt_again_is_one_purchase(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    message = receipt(contract, clock, phone=PHONE)
    first, again = till.post(client, RECEIPTS, message), till.post(client, RECEIPTS, message)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert (count(Purchase), points_of(member)) == (1, (123, 0))


@pytest.mark.parametrize(
    "changed",
    [{"amount_fen": 12_346}, {"occurred_at": "2026-03-01T10:00:00+08:00"}, {"lines": "one"}, {"store_code": "other"}],
)
def test_other_content_under_the_same_number_is_a_conflict(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock, changed: dict[str, Any]
) -> None:
    message = receipt(contract, clock)
    till.post(client, RECEIPTS, message)
    if changed.get("lines"):
        changed = {"lines": [{"category_code": "food", "line_no": 1, "amount_fen": 12_345}]}
    if changed.get("store_code"):
        changed = {"store_code": make_store(contract.mall, contract.merchant).code}
    assert error_of(till.post(client, RECEIPTS, message | changed)) == (409, "receipt_conflict")
    assert count(InboxReceipt) == 1


def test_the_same_number_of_another_source_is_another_receipt(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, receipt(contract, clock))
    assert till.post(client, RECEIPTS, receipt(contract, clock, source="kiosk")).status_code == 201
    assert count(InboxReceipt) == 2


@pytest.mark.requirement("S1.8")
def test_a_rolling_code_names_the_member_and_counts_for_one_receipt(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    code = member_codes.mint(member, now=clock.now).text
    message = receipt(contract, clock, member_code=code)
    assert till.post(client, RECEIPTS, message).status_code == 201
    assert till.post(client, RECEIPTS, message).status_code == 200
    second = till.post(client, RECEIPTS, receipt(contract, clock, receipt_no="R2", member_code=code))
    assert error_of(second) == (409, "member_code_used")
    assert points_of(member) == (123, 0)


def test_a_stale_code_is_refused_and_the_receipt_can_be_sent_with_a_fresh_one(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    stale = member_codes.mint(member, now=clock.now).text
    message = receipt(contract, clock)
    clock.advance(minutes=2)
    assert error_of(till.post(client, RECEIPTS, message | {"member_code": stale})) == (422, "member_code_expired")
    fresh = member_codes.mint(member, now=clock.now).text
    assert till.post(client, RECEIPTS, message | {"member_code": fresh}).status_code == 201


def test_a_card_number_names_the_member(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, receipt(contract, clock, card_no=member.card_no))
    assert points_of(member) == (123, 0)


@pytest.mark.parametrize("buyer", [{}, {"phone": "13700000000"}, {"card_no": "1"}])
def test_a_receipt_of_nobody_we_know_waits_in_the_inbox(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock, buyer: dict[str, str]
) -> None:
    answer = till.post(client, RECEIPTS, receipt(contract, clock, **buyer))
    assert answer.status_code == 201
    assert answer.json == {
        "purchase_id": None,
        "member": None,
        "points": 0,
        "first_purchase": False,
        "waits_for": None,
        "warning": None,
    }
    assert (count(InboxReceipt), count(Purchase), count(Posting)) == (1, 0, 0)


def test_somebody_who_has_not_joined_gets_nothing_yet(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock
) -> None:
    visitor = make_visitor(contract.mall)
    code = member_codes.mint(visitor, now=clock.now).text
    answer = till.post(client, RECEIPTS, receipt(contract, clock, member_code=code))
    assert (answer.json or {})["member"] is None


@pytest.mark.requirement("S0.47")
def test_lines_are_kept(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    lines = [
        {"category_code": "food", "line_no": 1, "amount_fen": 12_000},
        {"category_code": "drinks", "line_no": 2, "amount_fen": 345},
    ]
    till.post(client, RECEIPTS, receipt(contract, clock, phone=PHONE, lines=lines))
    kept = db.session.scalars(select(PurchaseLine).order_by(PurchaseLine.line_no)).all()
    assert [(line.category_code, line.amount_fen) for line in kept] == [("food", 12_000), ("drinks", 345)]


def test_a_till_speaks_only_for_its_mall_merchant_and_store(
    client: FlaskClient, contract: Contract, clock: StillClock
) -> None:
    neighbour = make_store(contract.mall)
    tills = [
        make_machine(make_mall(), "pos"),
        make_machine(contract.mall, "pos", merchant_id=neighbour.merchant_id),
        make_machine(contract.mall, "pos", store=neighbour),
    ]
    for till in tills:
        assert error_of(till.post(client, RECEIPTS, receipt(contract, clock))) == (404, "store_not_found")
    own = make_machine(contract.mall, "pos", store=contract.store, merchant_id=contract.merchant.id)
    assert own.post(client, RECEIPTS, receipt(contract, clock)).status_code == 201


def test_a_store_without_terms_is_refused_before_anything_is_kept(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    bare = make_store(contract.mall)
    refused = till.post(client, RECEIPTS, receipt(contract, clock, store_code=bare.code, phone=PHONE))
    assert error_of(refused) == (409, "no_contract_terms")
    assert (count(Purchase), points_of(member)) == (0, (0, 0))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"amount_fen": "12"}, "validation_failed"),
        ({"amount_fen": 1.5}, "validation_failed"),
        ({"amount_fen": True}, "validation_failed"),
        ({"amount_fen": 10**9 + 1}, "validation_failed"),
        ({"amount_fen": -1}, "receipt_invalid"),
        ({"refund_of": "R0"}, "receipt_invalid"),
        ({"receipt_no": ""}, "validation_failed"),
        ({"receipt_no": "R\u0000"}, "validation_failed"),
        ({"source": "\ud800"}, "validation_failed"),
        ({"source": "claim"}, "receipt_invalid"),
        ({"source": "wechat_circle"}, "receipt_invalid"),
        ({"occurred_at": "2026-03-11"}, "validation_failed"),
        ({"occurred_at": "2030-03-11T10:00:00Z"}, "validation_failed"),
        ({"occurred_at": "2026-03-11T10:00:00+23:59"}, "validation_failed"),
        ({"occurred_at": "2026-03-11T10:00:00-23:59"}, "validation_failed"),
        ({"phone": PHONE, "card_no": "1"}, "validation_failed"),
        ({"member_code": "HM1.nonsense"}, "member_code_invalid"),
        ({"member_code": "x" * 513}, "validation_failed"),
        ({"lines": [{"category_code": "a", "line_no": 1, "amount_fen": 1}]}, "receipt_invalid"),
        ({"lines": [{"category_code": "a", "line_no": 0, "amount_fen": 12_345}]}, "validation_failed"),
        ({"lines": {}}, "validation_failed"),
        ({"tip_fen": 1}, "validation_failed"),
    ],
)
def test_bad_input_is_refused_and_leaves_nothing(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock, wrong: dict[str, Any], code: str
) -> None:
    answer = till.post(client, RECEIPTS, receipt(contract, clock, **wrong))
    assert error_of(answer)[1] == code
    assert 400 <= answer.status_code < 500
    assert (count(Purchase), count(InboxReceipt)) == (0, 0)


@pytest.mark.parametrize(
    "written",
    [
        "+86 139-1234-5678",
        "0086 139 1234 5678",
        "１３９１２３４５６７８",
        "\u202a13912345678\u202c",
        "+86(0)139.1234.56.78",
        13_912_345_678,
    ],
)
def test_a_phone_is_read_however_the_till_writes_it(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock, written: str | int
) -> None:
    body = till.post(client, RECEIPTS, receipt(contract, clock, phone=written)).json or {}
    assert (body["points"], body["warning"]) == (123, None)


@pytest.mark.parametrize("written", ["无", "NULL", "-", "1391234567", "1.39E+10", "139****5678"])
def test_a_phone_that_cannot_be_read_is_said_so(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock, written: str
) -> None:
    message = receipt(contract, clock, phone=written)
    answers = [till.post(client, RECEIPTS, message) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert [(answer.json or {})["warning"] for answer in answers] == ["phone_unreadable"] * 2
    assert (count(InboxReceipt), points_of(member)) == (1, (0, 0))


def test_a_readable_phone_of_nobody_is_no_warning(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    body = till.post(client, RECEIPTS, receipt(contract, clock, phone="13700000000")).json or {}
    assert (body["member"], body["warning"]) == (None, None)


@pytest.mark.parametrize("name", ["phone", "card_no", "member_code", "refund_of"])
def test_an_empty_field_says_nothing(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock, name: str
) -> None:
    answer = till.post(client, RECEIPTS, receipt(contract, clock, **{name: ""}))
    assert (answer.status_code, (answer.json or {})["warning"]) == (201, None)


def test_a_text_that_cannot_be_stored_is_said_to_be_one(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock
) -> None:
    answer = till.post(client, RECEIPTS, receipt(contract, clock, phone="139\0")).json or {}
    assert "a text holds NUL" in str(answer["error"]["fields"])


def test_a_card_and_a_code_are_read_as_a_gun_sends_them(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    card = member.card_no or ""
    wide = f"{card[:4]}\u3000{card[4:8]} {card[8:]}"
    code = member_codes.mint(member, now=clock.now).text
    cards = [{"card_no": written} for written in (wide, f"]C1{card}\t", int(card))]
    for number, buyer in enumerate([*cards, {"member_code": f"]q1{code.swapcase()}\r\n"}]):
        body = till.post(client, RECEIPTS, receipt(contract, clock, receipt_no=f"G{number}", **buyer)).json or {}
        assert body["points"] == 123
