"""Points at the till: looked up, asked for, confirmed on the phone while the portal waits, given up, undone."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.models import AuditEntry
from app.identity.codes import member_codes
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.malls.models import Mall, Store
from tests.builders.identity import make_member
from tests.builders.malls import make_merchant, make_store
from tests.builders.staff import make_clerk
from tests.builders.till_points import give_points
from tests.merchant_portal.conftest import Portal
from tests.support.clock import StillClock
from tests.support.isolation import Client
from tests.support.member_api import Device, sign_in


@pytest.fixture
def saver(member: Member) -> Member:
    """The member with 10,000 points."""
    give_points(member, 10_000)
    return member


@pytest.fixture
def device(client: FlaskClient, saver: Member) -> Device:
    return sign_in(client, saver)


def look_up(portal: Portal, member: Member) -> dict[str, object]:
    """What the till learns of the member's points by their code."""
    code = member_codes.mint(member, now=app_clock.now()).text
    found: dict[str, object] = portal.post("/lookups", {"code": code}).json["points"]
    return found


def ask(portal: Portal, member: Member, points: int, *, key: str | None = None) -> dict[str, object]:
    """Scan a code and ask for points."""
    purse = look_up(portal, member)
    answer = portal.post("/points/payments", {"member": purse["member"], "points": points}, key=key)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def show(portal: Portal, payment: object) -> dict[str, object]:
    return dict(portal.client.get(f"/portal/api/points/payments/{payment}").json)


@pytest.mark.requirement("S3.8")
def test_a_look_up_says_what_the_member_could_pay_with(clerk: Portal, saver: Member) -> None:
    assert look_up(clerk, saver) == {
        "member": saver.public_id,
        "available": 10_000,
        "factor_bps": 10_000,
        "code_limit": 2_000,
        "wait_minutes": 5,
    }


def test_a_small_payment_is_made_at_once_and_undone_in_time(clerk: Portal, saver: Member, clock: StillClock) -> None:
    paid = ask(clerk, saver, 1_200)
    assert (paid["status"], paid["worth_fen"]) == ("paid", 1_200)
    today = clerk.client.get("/portal/api/points/today").json
    (listed,) = today["items"]
    assert (today["payments"], today["points"], today["worth_fen"]) == (1, 1_200, 1_200)
    assert (listed["id"], listed["clerk"], listed["undo_until"]) == (paid["id"], "李芳", paid["undo_until"])
    undone = clerk.post(f"/points/payments/{paid['id']}/undo", {})
    assert (undone.status_code, undone.json["status"]) == (200, "reversed")
    assert clerk.client.get("/portal/api/points/today").json["payments"] == 0
    actions = db.session.query(AuditEntry.action).order_by(AuditEntry.id).all()
    assert [action for (action,) in actions if action.startswith("points_payment")] == [
        "points_payment.create",
        "points_payment.undo",
    ]


def test_a_large_payment_waits_until_the_phone_says_yes(clerk: Portal, saver: Member, device: Device) -> None:
    waiting = ask(clerk, saver, 5_000)
    assert waiting["status"] == "awaiting" and show(clerk, waiting["id"])["status"] == "awaiting"
    (asked,) = device.get("/members/me/points/payments").json["items"]
    assert (asked["store"], asked["points"], asked["worth_fen"]) == ("沸腾火锅", 5_000, 5_000)
    (held,) = device.get("/members/me/points").json["holds"]
    assert (held["payment"], held["points"]) == (asked["id"], 5_000)
    confirmed = device.post(f"/members/me/points/payments/{asked['id']}/confirm")
    assert (confirmed.status_code, confirmed.json["status"]) == (200, "paid")
    assert show(clerk, waiting["id"])["status"] == "paid"
    assert device.get("/members/me/points/payments").json["items"] == []
    assert device.get("/members/me/points").json["available"] == 5_000


def test_the_phone_says_no(clerk: Portal, saver: Member, device: Device) -> None:
    waiting = ask(clerk, saver, 5_000)
    device.post(f"/members/me/points/payments/{waiting['id']}/decline")
    over = show(clerk, waiting["id"])
    assert (over["status"], over["why"]) == ("released", "会员取消")
    answer = device.post(f"/members/me/points/payments/{waiting['id']}/confirm")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "points_payment_over")


def test_time_passes_by_itself(clerk: Portal, saver: Member, device: Device, clock: StillClock) -> None:
    waiting = ask(clerk, saver, 5_000)
    clock.advance(minutes=5)
    over = show(clerk, waiting["id"])
    assert (over["status"], over["why"]) == ("released", "超时未确认")
    assert device.get("/members/me/points").json["available"] == 10_000


def test_the_clerk_gives_up(clerk: Portal, saver: Member) -> None:
    waiting = ask(clerk, saver, 5_000)
    assert clerk.post(f"/points/payments/{waiting['id']}/withdraw", {}).json["why"] == "店员取消"


def test_the_same_press_twice_asks_once(clerk: Portal, saver: Member, device: Device) -> None:
    purse = look_up(clerk, saver)
    body = {"member": purse["member"], "points": 300}
    first, second = (clerk.post("/points/payments", body, key="the-same-key") for _ in range(2))
    assert first.json == second.json
    again = clerk.post("/points/payments", body)
    assert (again.status_code, again.json["error"]["code"]) == (409, "points_code_spent")
    assert device.get("/members/me/points").json["available"] == 9_700


def test_a_fresh_code_is_not_blamed_for_a_payment_that_waits(clerk: Portal, saver: Member, clock: StillClock) -> None:
    waiting = ask(clerk, saver, 5_000)
    clock.advance(seconds=1)
    body = {"member": look_up(clerk, saver)["member"], "points": 300}
    refused = clerk.post("/points/payments", body)
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "points_payment_waits")
    clerk.post(f"/points/payments/{waiting['id']}/withdraw", {})
    assert clerk.post("/points/payments", body).json["status"] == "paid"


def test_who_was_not_scanned_here_pays_nothing(clerk: Portal, saver: Member) -> None:
    answer = clerk.post("/points/payments", {"member": saver.public_id, "points": 100})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "points_code_too_old")
    answer = clerk.post("/points/payments", {"member": "0" * 32, "points": 100})
    assert answer.json["error"]["code"] == "member_code_invalid"


@pytest.mark.parametrize("points", [0, -1, 1.5, "100", None, 10**9])
def test_no_other_number_than_a_whole_one_is_taken(clerk: Portal, saver: Member, points: object) -> None:
    purse = look_up(clerk, saver)
    answer = clerk.post("/points/payments", {"member": purse["member"], "points": points})
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "validation_failed")


def test_more_than_there_is_says_so(clerk: Portal, saver: Member) -> None:
    purse = look_up(clerk, saver)
    answer = clerk.post("/points/payments", {"member": purse["member"], "points": 10_001})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "insufficient_points")
    assert answer.json["error"]["fields"] == {"available": 10_000, "needed": 10_001}


def test_a_payment_is_the_stores_and_the_members_own(
    app: Flask, clerk: Portal, saver: Member, store: Store, mall: Mall, client: Client
) -> None:
    waiting = ask(clerk, saver, 5_000)
    elsewhere = Portal.of(Client(app, app.response_class), make_clerk(make_store(mall, make_merchant())))
    assert elsewhere.client.get(f"/portal/api/points/payments/{waiting['id']}").status_code == 404
    for act in ("withdraw", "undo"):
        assert elsewhere.post(f"/points/payments/{waiting['id']}/{act}", {}).status_code == 404
    stranger = sign_in(client, make_member())
    for act in ("confirm", "decline"):
        answer = stranger.post(f"/members/me/points/payments/{waiting['id']}/{act}")
        assert (answer.status_code, answer.json["error"]["code"]) == (404, "points_payment_not_found")
    assert show(clerk, waiting["id"])["status"] == "awaiting"
