"""Leaving: told before, refused while something is under way, then nobody; the phone comes back as somebody new."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.flows import parking
from app.flows.parking import PaymentChoice
from app.identity import queries
from app.identity.models import IdentityKind, Member, MemberStatus
from app.kernel import clock
from app.kernel.db import db
from app.kernel.reasons import note
from app.payments.orders import Payer
from app.points.ledger import ledger
from app.points.ledger import queries as points_queries
from app.points.ledger.models import EntryKind, PointsEntry
from app.timeline.models import EventKind, TimelineEvent
from tests.builders.identity import make_visitor
from tests.builders.parking import Ground, make_driver, make_ground
from tests.builders.tasks import make_newbie_tasks, make_tiers
from tests.member_api.conftest import OpenMall, Phone
from tests.support.isolation import Client
from tests.support.member_api import Device, sign_in

FREE = {"points": 0, "coupons": 0}


@pytest.fixture
def joined(phone: Phone) -> Phone:
    """Somebody who joined a moment ago, with the points of one task and the two coupons of joining."""
    phone.sign_in()
    phone.join()
    phone.post("/members/me/tasks/preferences/complete", categories=["kids"])
    return phone


@pytest.fixture
def ground(db_session: object) -> Ground:
    make_newbie_tasks()
    make_tiers()
    return make_ground()


def cost_of(phone: Phone | Device) -> dict[str, int]:
    return phone.get("/members/me/leaving").get_json()["cost"]  # type: ignore[no-any-return]


def leave(phone: Phone, **changes: Any) -> Any:
    return phone.post("/members/me/leaving", **cost_of(phone) | changes)


def member_of(phone: Phone) -> Member:
    public_id = phone.get("/members/me").json["id"]
    member = queries.find_member_by_public_id(public_id)
    assert member is not None
    return member


def test_the_notice_says_what_would_be_lost(joined: Phone) -> None:
    assert joined.get("/members/me/leaving").json == {
        "cost": {"points": 50, "coupons": 2},
        "cars_parked": 0,
        "debt_points": 0,
        "remembered_days": 365,
        "obstacle": None,
    }


def test_who_leaves_is_signed_out_everywhere(joined: Phone) -> None:
    first_token = joined.token
    joined.sign_in()
    left = leave(joined)
    assert (left.status_code, left.json["cost"]) == (200, {"points": 50, "coupons": 2})
    for token in (first_token, joined.token):
        joined.token = token
        refused = joined.get("/members/me")
        assert (refused.status_code, refused.json["error"]["code"]) == (401, "session_expired")


def test_points_go_by_an_entry_of_their_own_and_the_ledger_still_adds_up(joined: Phone) -> None:
    member_id = member_of(joined).id
    leave(joined)
    its_entries = select(PointsEntry).where(PointsEntry.member_id == member_id).order_by(PointsEntry.id)
    last = db.session.scalars(its_entries).all()[-1]
    assert (last.kind, last.points, last.balance_after) == (EntryKind.FORFEIT.value, -50, 0)
    assert points_queries.list_disagreements() == []


def test_it_stands_on_the_timeline_and_in_the_audit_log_once(joined: Phone) -> None:
    member = member_of(joined)
    member_id = member.id
    leave(joined)
    kinds = db.session.scalars(select(TimelineEvent.kind).where(TimelineEvent.member_id == member_id)).all()
    assert kinds.count(EventKind.LEFT.value) == 1
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "member.left")).one()
    assert (entry.subject, entry.facts) == (f"member:{member_id}", {"points": 50, "coupons": 2})


def test_the_phone_joins_anew_as_somebody_new(joined: Phone, open_mall: OpenMall) -> None:
    before = joined.get("/members/me").json
    leave(joined)
    joined.token = ""
    seen = joined.sign_in().json["member"]
    assert (seen["status"], seen["phone_masked"]) == ("visitor", None)
    again = joined.join().json
    assert again["member"]["id"] != before["id"]
    assert again["member"]["card_no"] != before["card_no"]
    assert again["member"]["phone_masked"] == before["phone_masked"]
    assert (again["member"]["points"], again["granted"], again["had_before"]) == (0, [], True)
    assert joined.get("/members/me/coupons").json["items"] == []


def test_the_same_request_again_gets_the_first_answer(joined: Phone) -> None:
    told = cost_of(joined)
    first = joined.post("/members/me/leaving", key="leave-once", **told)
    again = joined.post("/members/me/leaving", key="leave-once", **told)
    assert (again.status_code, again.json) == (200, first.json)


def test_another_request_after_leaving_is_refused(joined: Phone) -> None:
    told = cost_of(joined)
    joined.post("/members/me/leaving", key="leave-once", **told)
    assert joined.post("/members/me/leaving", key="leave-twice", **told).status_code == 401
    other_input = joined.post("/members/me/leaving", key="leave-once", points=1, coupons=1)
    assert (other_input.status_code, other_input.json["error"]["code"]) == (409, "idempotency_conflict")


def test_a_session_that_was_signed_out_is_told_nothing(joined: Phone) -> None:
    told, signed_out = cost_of(joined), joined.token
    joined.client.delete("/api/v1/sessions/current", headers=joined.headers())
    joined.sign_in()
    joined.post("/members/me/leaving", key="leave-once", **told)
    joined.token = signed_out
    assert joined.post("/members/me/leaving", key="leave-once", **told).status_code == 401


def test_it_never_takes_more_than_was_told(joined: Phone) -> None:
    told = cost_of(joined)
    ledger.accrue(member_of(joined).id, points=30, reason=note("测试"), fact="test:more", now=clock.now())
    refused = joined.post("/members/me/leaving", **told)
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "leaving_notice_outdated")
    assert refused.json["error"]["fields"] == {"points": 80, "coupons": 2}
    assert joined.get("/members/me").json["points"] == 80
    assert leave(joined).status_code == 200


def test_a_forged_or_missing_token_is_refused(joined: Phone) -> None:
    token = joined.token
    for joined.token in ("", token[:-3] + "abc"):
        assert joined.get("/members/me/leaving").status_code == 401
        assert joined.post("/members/me/leaving", **FREE).status_code == 401


def test_leaving_needs_a_key_and_what_was_told(joined: Phone) -> None:
    keyless = joined.client.post("/api/v1/members/me/leaving", json=FREE, headers=joined.headers())
    assert (keyless.status_code, keyless.json["error"]["code"]) == (422, "idempotency_key_missing")
    for body in ({}, {"points": 1}, {"points": -1, "coupons": 0}, {"points": "1", "coupons": 0}):
        refused = joined.post("/members/me/leaving", **body)
        assert (refused.status_code, refused.json["error"]["code"]) == (422, "validation_failed")


def test_a_visitor_is_forgotten_the_same_way(client: Client, ground: Ground) -> None:
    visitor = make_visitor(ground.mall, mini_openid="o-visitor")
    device = sign_in(client, visitor, channel="mini_program", openid="o-visitor")
    assert device.post("/members/me/leaving", FREE).status_code == 200
    assert queries.find_member_id(IdentityKind.MINI_OPENID, "o-visitor") is None
    assert db.session.get_one(Member, visitor.id).status == MemberStatus.CLOSED.value


def _pay(ground: Ground, member: Member, *, points: int = 0) -> Callable[[], object]:
    """Begins a payment that waits for cash; returns how to give it up."""
    session = ground.comes(minutes_ago=100).session
    quote = parking.quote_stay(member.id, session.public_id, now=clock.now()).quote
    payment = parking.begin_payment(
        member.id,
        session.public_id,
        PaymentChoice(quote.public_id, [], points),
        payer=Payer("app", "o-1"),
        now=clock.now(),
    )
    return lambda: parking.give_up_payment(member.id, payment.public_id, now=clock.now())


def test_nobody_leaves_while_a_payment_is_under_way(client: Client, ground: Ground) -> None:
    member = make_driver(ground, points=500)
    give_up = _pay(ground, member, points=100)
    device = sign_in(client, member)
    notice = device.get("/members/me/leaving").get_json()
    assert notice["obstacle"]["code"] == "leaving_payment_open"
    assert "停车缴费" in notice["obstacle"]["message"]
    # What the payment holds comes back when it is given up, and leaving takes it then.
    assert (notice["cost"]["points"], notice["cars_parked"]) == (500, 1)
    refused = device.post("/members/me/leaving", {"points": 500, "coupons": 0})
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "leaving_payment_open")
    give_up()
    assert device.post("/members/me/leaving", {"points": 500, "coupons": 0}).status_code == 200


def test_a_car_inside_is_let_go_and_its_stay_is_nobodys(client: Client, ground: Ground) -> None:
    member = make_driver(ground)
    session = ground.comes(minutes_ago=100).session
    assert sign_in(client, member).post("/members/me/leaving", FREE).status_code == 200
    db.session.expire_all()
    assert session.member_id is None
    answer = ground.leaves()
    assert (answer.session.id, answer.due_fen, answer.session.member_id) == (session.id, 1_200, None)


def test_reminders_alone_can_be_taken_back_and_points_stay(joined: Phone) -> None:
    joined.post("/members/me/subscriptions", results={"benefit": "accept"})
    joined.client.delete("/api/v1/members/me/subscriptions", headers=joined.headers() | {"Idempotency-Key": "k" * 8})
    stock = joined.post("/members/me/subscriptions", results={"activity": "reject"}).json["stock"]
    assert set(stock.values()) == {0}
    card = joined.get("/members/me").json
    assert (card["status"], card["points"]) == ("member", 50)
