"""A WeCom contact, from the encrypted callback to the greeting and the member."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.benefits.grants import grants
from app.contacts import contacts
from app.contacts.models import GreetingStatus
from app.entrances.models import Entrance
from app.identity import members
from app.identity.models import IdentityKind, MemberIdentity, MemberStatus
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.malls.models import Mall
from app.timeline.models import EventKind, TimelineEvent
from app.wechat.callbacks.models import PlatformEvent
from app.wechat.gateway import Gateway
from tests.builders.benefits import make_campaign
from tests.builders.identity import make_visitor
from tests.open_api.callbacks import CallbackTrap, deliver
from tests.open_api.contacts import PUBLIC_URL, greet, greeting, link, member_of, received, scanned


def test_the_address_check_is_answered_with_the_bare_echo(client: FlaskClient, trap: CallbackTrap) -> None:
    trap.platforms.post("/callbacks/check-wecom")
    answer = deliver(client, trap.callbacks(1)[0])
    assert answer.status_code == 200
    assert answer.data.isdigit()


@pytest.mark.requirement("S2.10", "S2.24", "S3.24")
def test_a_new_contact_is_greeted(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance
) -> None:
    answer = deliver(client, scanned(trap, gateway, entrance.scene)[0])
    assert (answer.status_code, answer.data) == (200, b"")
    assert greet(gateway) == 1
    assert greeting().status == GreetingStatus.SENT
    assert greeting().welcome_code is None
    told = str(received(trap))
    assert "悦汇城" in told
    assert "每 1 元得 0.5 至 2 积分" in told
    assert "授权手机号即可入会" in told
    assert f"{PUBLIC_URL}/h5/?scene={entrance.scene}" in told


@pytest.mark.requirement("S2.10")
def test_the_greeting_names_what_joining_gives(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance
) -> None:
    mall = db.session.get(Mall, entrance.mall_id)
    for position, (title, least) in enumerate((("2 小时停车券", 0), ("餐饮立减 10 元", 3_000)), start=1):
        grants.grant_on(
            entrance.mall_id, grants.JOIN, make_campaign(mall, title=title, min_spend_fen=least).id, position=position
        )
    deliver(client, scanned(trap, gateway, entrance.scene)[0])
    greet(gateway)
    assert "即可入会，立得「2 小时停车券」「餐饮立减 10 元（满 30 元可用）」，使用条件见入会页" in str(received(trap))


@pytest.mark.requirement("S2.10")
def test_a_member_known_as_a_contact_is_not_told_how_to_join(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance
) -> None:
    visitor = make_visitor(wecom_external=trap.platforms.person()["external_userid"])
    members.join(members.bind_phone(visitor, "13912340001", now=app_clock.now()), entrance_id=None, now=app_clock.now())
    deliver(client, scanned(trap, gateway, entrance.scene)[0])
    greet(gateway)
    told = str(received(trap))
    assert "您已经是我们的会员" in told and "我的会员码" in told
    assert "入会" not in told and f"{PUBLIC_URL}/h5/?scene" not in told
    assert "每 1 元得 0.5 至 2 积分" in told


def test_a_visitor_known_as_a_contact_is_told_how_to_join(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance
) -> None:
    deliver(client, scanned(trap, gateway, entrance.scene)[0])
    link(gateway)
    greet(gateway)
    assert "授权手机号即可入会" in str(received(trap))


def test_a_new_contact_becomes_a_visitor_known_by_unionid(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance
) -> None:
    deliver(client, scanned(trap, gateway, entrance.scene)[0])
    link(gateway)
    person = trap.platforms.person()
    member = member_of(person["external_userid"])
    assert member.status == MemberStatus.VISITOR
    assert member.home_mall_id == entrance.mall_id
    unionid = db.session.get(MemberIdentity, (IdentityKind.UNIONID.value, person["unionid"]))
    assert unionid is not None
    assert unionid.member_id == member.id
    contact = contacts.find_contact(person["external_userid"], gateway.wecom.user_id)
    assert contact is not None
    assert (contact.entrance_id, contact.removed_at) == (entrance.id, None)


@pytest.mark.requirement("S2.1")
def test_a_member_who_adds_the_contact_stays_the_same_member(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance
) -> None:
    known = make_visitor(unionid=trap.platforms.person()["unionid"])
    deliver(client, scanned(trap, gateway, entrance.scene)[0])
    link(gateway)
    assert member_of(trap.platforms.person()["external_userid"]).id == known.id
    event = db.session.scalars(select(TimelineEvent).where(TimelineEvent.member_id == known.id)).one()
    assert (event.kind, event.source, event.mall_id) == (EventKind.WECOM_ADDED, entrance.scene, entrance.mall_id)


def test_an_unknown_state_does_not_stop_the_greeting(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance
) -> None:
    deliver(client, scanned(trap, gateway, "wb:1:xyz")[0])
    greet(gateway)
    link(gateway)
    assert len(received(trap)) == 1
    assert "悦汇城" in str(received(trap))
    assert member_of(trap.platforms.person()["external_userid"]).status == MemberStatus.VISITOR


def test_a_repeated_callback_changes_nothing(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance
) -> None:
    trap.platforms.fault("duplicate", "wecom")
    for callback in scanned(trap, gateway, entrance.scene, callbacks=2):
        assert deliver(client, callback).status_code == 200
    greet(gateway)
    link(gateway)
    assert len(db.session.scalars(select(PlatformEvent)).all()) == 1
    assert len(received(trap)) == 1


def test_a_replayed_callback_changes_nothing_and_an_old_one_is_refused(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance
) -> None:
    callback = scanned(trap, gateway, entrance.scene)[0]
    assert deliver(client, callback).status_code == 200
    assert deliver(client, callback).status_code == 200
    assert len(db.session.scalars(select(PlatformEvent)).all()) == 1
    with app_clock.freeze(app_clock.now() + timedelta(minutes=11)):
        assert deliver(client, callback).status_code == 403


def test_only_the_platform_is_listened_to(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance
) -> None:
    callback = scanned(trap, gateway, entrance.scene)[0]
    refused = [
        deliver(client, callback, msg_signature="0" * 40),
        deliver(client, callback, nonce="1"),
        deliver(client, callback, body=callback.body.replace(b"<Encrypt><![CDATA[", b"<Encrypt><![CDATA[AA")),
        deliver(client, callback, body=b"<xml>"),
        deliver(client, callback, body=b""),
        deliver(client, callback, body=b"{}"),
        client.get("/open/v1/wecom/callback"),
        client.post("/open/v1/wecom/callback"),
    ]
    assert {answer.status_code for answer in refused} == {403}
    assert refused[0].get_json()["error"]["code"] == "callback_refused"
    large = deliver(client, callback, body=b"\xff" * 100_000)
    assert (large.status_code, large.get_json()["error"]["code"]) == (413, "request_too_large")
    assert db.session.scalars(select(PlatformEvent)).all() == []


def test_callbacks_in_the_wrong_order_end_in_the_right_state(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance
) -> None:
    person, user_id = trap.platforms.person(), gateway.wecom.user_id
    added = scanned(trap, gateway, entrance.scene)[0]
    trap.platforms.world.clock.offset_s += 5
    trap.platforms.post(f"/phone/api/people/{person['id']}/wecom/remove", {"userid": user_id})
    removed = trap.callbacks(2)[1]
    for callback in (removed, added):
        deliver(client, callback)
        link(gateway)
    contact = contacts.find_contact(person["external_userid"], user_id)
    assert contact is not None
    assert contact.removed_at is not None
    # Nobody's contact any more: WeCom does not tell the unionid, the contact's id alone makes a visitor.
    assert member_of(person["external_userid"]).status == MemberStatus.VISITOR
