"""What I have paid for parking, and the invoice that I wish for it."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.access.audit import Actor
from app.access.models import Role
from app.cases import cases
from app.cases.models import Case
from app.flows import parking
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from tests.builders.parking import (
    PLATE,
    Ground,
    make_driver,
    make_ground,
    make_paid_stay,
    make_parking_coupon,
    take_money,
)
from tests.builders.staff import make_staff
from tests.builders.tasks import make_tiers
from tests.parking.driver import begin, quoted
from tests.support.clock import StillClock
from tests.support.member_api import Device, sign_in

PERSON = {"title_kind": "person", "title": "张小满", "email": "xiaoman@example.com"}
HISTORY = "/members/me/parking/payments"
INVOICES = "/members/me/parking/invoices"


@pytest.fixture
def ground(clock: StillClock) -> Ground:
    return make_ground()


@pytest.fixture
def member(ground: Ground) -> Member:
    return make_driver(ground, points=400)


@pytest.fixture
def device(client: FlaskClient, member: Member) -> Device:
    return sign_in(client, member)


def history(device: Device, query: str = "") -> dict[str, Any]:
    answer = device.get(f"{HISTORY}{query}")
    assert answer.status_code == 200
    return dict(answer.json or {})


def test_a_paid_stay_adds_up(device: Device, member: Member, ground: Ground, clock: StillClock) -> None:
    ground.comes(minutes_ago=100)
    coupon = make_parking_coupon(member, ground, 60)
    make_paid_stay(member, coupons=(coupon,), points=200)
    clock.advance(minutes=5)
    ground.leaves()
    (paid,) = history(device)["items"]
    assert paid.pop("id")
    assert paid == {
        "status": "paid",
        "car_park": "地下停车场",
        "mall": ground.mall.name,
        "plate": PLATE,
        "entered_at": "2026-03-11T00:20:00Z",
        "exited_at": "2026-03-11T02:05:00Z",
        "at": "2026-03-11T02:00:00Z",
        "due_fen": 1_200,
        "split": {
            "tier": None,
            "tier_minutes": 0,
            "tier_fen": 0,
            "coupons": 1,
            "coupons_fen": 600,
            "points": 200,
            "points_fen": 200,
            "cash_fen": 400,
        },
        "refund": None,
        "may_ask_invoice": True,
        "invoice": None,
    }


def test_money_that_came_too_late_is_on_its_way_back(device: Device, member: Member, ground: Ground) -> None:
    ground.comes(minutes_ago=100)
    payment = begin(member, quoted(member), points=400)
    assert history(device)["items"] == []
    parking.give_up_payment(member.id, payment.public_id, now=app_clock.now())
    assert history(device)["items"] == []
    take_money(payment)
    (late,) = history(device)["items"]
    assert (late["status"], late["refund"]) == ("refunding", {"amount_fen": 800, "at": None})
    assert late["may_ask_invoice"] is False
    refused = device.post(f"{HISTORY}/{payment.public_id}/invoice", PERSON)
    assert (refused.status_code, (refused.json or {})["error"]["code"]) == (409, "invoice_nothing_paid")


def test_page_by_page_the_latest_first(device: Device, member: Member, ground: Ground, clock: StillClock) -> None:
    made = []
    for _ in range(3):
        ground.comes(minutes_ago=50)
        made.append(make_paid_stay(member).public_id)
        ground.leaves()
        clock.advance(hours=2)
    first = history(device, "?limit=2")
    rest = history(device, f"?limit=2&cursor={first['next_cursor']}")
    assert [one["id"] for one in first["items"] + rest["items"]] == made[::-1]
    assert rest["next_cursor"] is None


def test_strangers_see_nothing_of_it(client: FlaskClient, member: Member, ground: Ground) -> None:
    ground.comes(minutes_ago=100)
    payment = make_paid_stay(member)
    stranger = sign_in(client, make_driver(ground, plate="沪B88888"))
    assert history(stranger)["items"] == []
    assert stranger.post(f"{HISTORY}/{payment.public_id}/invoice", PERSON).status_code == 404
    assert client.get(f"/api/v1{HISTORY}").status_code == 401


def test_an_invoice_is_wished_for_once(device: Device, member: Member, ground: Ground) -> None:
    make_tiers()
    ground.comes(minutes_ago=100)
    path = f"{HISTORY}/{make_paid_stay(member).public_id}/invoice"
    answers = [device.post(path, PERSON, key="same-key-1"), device.post(path, PERSON, key="same-key-1")]
    answers.append(device.post(path, PERSON))
    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].json == answers[1].json == answers[2].json == history(device)["items"][0]["invoice"]
    wished = answers[0].json or {}
    assert (wished["status"], wished["title"], wished["email"]) == ("asked", "张**", "x***@example.com")
    assert db.session.scalar(select(func.count()).select_from(Case)) == 1
    own = (device.get("/members/me/data").json or {})["parking_invoices"]
    assert [(one["title"], one["email"], one["status"]) for one in own] == [("张小满", "xiaoman@example.com", "asked")]


def test_my_invoices_say_where_they_are(client: FlaskClient, device: Device, member: Member, ground: Ground) -> None:
    made = []
    for _ in range(3):
        ground.comes(minutes_ago=50)
        payment = make_paid_stay(member).public_id
        made.append(payment)
        device.post(f"{HISTORY}/{payment}/invoice", PERSON)
        ground.leaves()
    newest = db.session.scalars(select(Case).order_by(Case.id.desc())).first()
    assert newest is not None
    person = make_staff(Role.OPERATIONS)
    actor = Actor("staff", person.id, person.name)
    cases.take(newest.id, actor, now=app_clock.now())
    cases.answer(newest.id, "email_bounced", actor, note="", now=app_clock.now())
    first = device.get(f"{INVOICES}?limit=2").json or {}
    rest = device.get(f"{INVOICES}?limit=2&cursor={first['next_cursor']}").json or {}
    listed = first["items"] + rest["items"]
    assert [one["payment"] for one in listed] == made[::-1]
    assert [one["status"] for one in listed] == ["refused", "asked", "asked"]
    assert listed[0]["refusal"] == "邮件被退回，请换一个邮箱重新提交"
    place = (listed[0]["mall"], listed[0]["car_park"], listed[0]["plate"], listed[0]["paid_at"])
    assert place == (ground.mall.name, "地下停车场", PLATE, "2026-03-11T02:00:00Z")
    assert (listed[0]["title"], listed[0]["email"]) == ("张**", "x***@example.com")
    stranger = sign_in(client, make_driver(ground, plate="沪B88888"))
    assert (stranger.get(INVOICES).json or {})["items"] == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title_kind": "state"}, "validation_failed"),
        ({"title": ""}, "validation_failed"),
        ({"title": "张"}, "invoice_title_invalid"),
        ({"email": "nowhere"}, "invoice_email_invalid"),
        ({"title_kind": "company", "tax_no": "914403007084611360"}, "invoice_tax_no_invalid"),
        ({"title_kind": "company"}, "invoice_tax_no_invalid"),
        ({"amount_fen": 1}, "validation_failed"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(
    device: Device, member: Member, ground: Ground, wrong: dict[str, Any], code: str
) -> None:
    ground.comes(minutes_ago=100)
    path = f"{HISTORY}/{make_paid_stay(member).public_id}/invoice"
    refused = device.post(path, PERSON | wrong)
    assert (refused.status_code, (refused.json or {})["error"]["code"]) == (422, code)
    assert history(device)["items"][0]["invoice"] is None
