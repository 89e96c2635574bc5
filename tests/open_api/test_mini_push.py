"""Answers to subscription dialogs, pushed by the mini-program's platform, in both formats."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.outreach.consents import consents
from app.outreach.consents.templates import Template, platform_ids
from app.wechat.callbacks.envelope import sorted_digest
from app.wechat.callbacks.models import PlatformEvent
from app.workers import subscriptions
from tests.builders.identity import make_visitor
from tests.open_api import callbacks
from tests.open_api.callbacks import CallbackTrap, deliver

CHANNEL = "/open/v1/wechat/mini"


@pytest.fixture(params=["xml", "json"])
def trap(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CallbackTrap]:
    """A sandbox whose pushes are caught, in each of the platform's formats."""
    with callbacks.caught(tmp_path / "sandbox", push_format=request.param) as standing:
        yield standing


@pytest.fixture
def member(trap: CallbackTrap) -> Member:
    """The person on the phone."""
    return make_visitor(mini_openid=trap.platforms.person()["openid"])


def answered(trap: CallbackTrap, **answers: str) -> None:
    """The person answers one dialog; templates by the product's names."""
    wechat = trap.platforms.settings.wechat
    results = {platform_ids(wechat)[Template(name)]: answer for name, answer in answers.items()}
    trap.platforms.post(f"/phone/api/people/{trap.platforms.person()['id']}/subscribe", {"results": results})


def take_in(trap: CallbackTrap, *, after_s: int = 11) -> None:
    """A worker comes by, some seconds from now."""
    with app_clock.freeze(app_clock.now() + timedelta(seconds=after_s)):
        subscriptions.take_in_due_answers(platform_ids(trap.platforms.settings.wechat), limit=10)


def reported(member: Member, fact: str, **answers: str) -> None:
    """The mini-program tells us of a dialog itself."""
    consents.answer(member.id, results=answers, fact=fact, now=app_clock.now())


def test_a_pushed_answer_fills_the_stock_once(client: FlaskClient, trap: CallbackTrap, member: Member) -> None:
    answered(trap, benefit="accept", activity="reject")
    callback = trap.callbacks(1)[0]
    for _ in range(2):
        answer = deliver(client, callback)
        assert (answer.status_code, answer.data) == (200, b"success")
    take_in(trap)
    take_in(trap)
    assert consents.stock(member.id) == {"activity": 0, "benefit": 1, "member_day": 0, "receipt": 0}


def test_a_dialog_that_was_reported_and_pushed_is_one_consent(
    client: FlaskClient, trap: CallbackTrap, member: Member
) -> None:
    answered(trap, benefit="accept")
    deliver(client, trap.callbacks(1)[0])
    reported(member, "dialog-1", benefit="accept")
    take_in(trap)
    assert consents.stock(member.id)["benefit"] == 1


def test_a_lost_report_is_made_up_for_by_the_push(client: FlaskClient, trap: CallbackTrap, member: Member) -> None:
    answered(trap, benefit="accept")
    answered(trap, benefit="accept", activity="accept")
    for callback in trap.callbacks(2):
        deliver(client, callback)
    reported(member, "dialog-1", benefit="accept")
    take_in(trap)
    assert consents.stock(member.id) == {"activity": 1, "benefit": 2, "member_day": 0, "receipt": 0}


def test_a_push_waits_for_the_report(client: FlaskClient, trap: CallbackTrap, member: Member) -> None:
    answered(trap, benefit="accept")
    deliver(client, trap.callbacks(1)[0])
    take_in(trap, after_s=5)
    assert consents.stock(member.id)["benefit"] == 0


def test_switching_a_template_off_empties_its_stock(client: FlaskClient, trap: CallbackTrap, member: Member) -> None:
    reported(member, "dialog-1", benefit="accept", activity="accept")
    answered(trap, benefit="accept")
    template_id = trap.platforms.settings.wechat.template_benefit
    trap.platforms.delete(f"/phone/api/people/{trap.platforms.person()['id']}/subscriptions/{template_id}")
    for callback in trap.callbacks(2):
        deliver(client, callback)
    take_in(trap)
    assert consents.stock(member.id) == {"activity": 1, "benefit": 0, "member_day": 0, "receipt": 0}


def test_an_answer_of_somebody_unknown_is_noted(client: FlaskClient, trap: CallbackTrap) -> None:
    answered(trap, benefit="accept")
    deliver(client, trap.callbacks(1)[0])
    take_in(trap)
    event = db.session.scalars(select(PlatformEvent)).one()
    assert event.done_at is not None
    assert event.note == "nobody we know"


def test_only_the_platform_is_listened_to(client: FlaskClient, trap: CallbackTrap) -> None:
    answered(trap, benefit="accept")
    callback = trap.callbacks(1)[0]
    plain = b'{"FromUserName":"x","CreateTime":1,"Event":"subscribe_msg_popup_event"}'
    refused = [
        deliver(client, callback, msg_signature="0" * 40),
        deliver(client, callback, timestamp="1"),
        deliver(client, callback, body=plain),
        deliver(client, callback, body=b'{"Encrypt": 5}'),
        deliver(client, callback, body=b"[" * 5000),
        client.post(CHANNEL),
        client.get(CHANNEL),
    ]
    assert {answer.status_code for answer in refused} == {403}
    for large in (b'{"Encrypt": "%s"}' % (b"A" * 70_000), b"<xml>" + b"A" * 70_000 + b"</xml>"):
        assert deliver(client, callback, body=large).status_code == 413
    assert db.session.scalars(select(PlatformEvent)).all() == []


def test_the_address_check_is_answered_with_the_echo(client: FlaskClient, trap: CallbackTrap) -> None:
    wechat = trap.platforms.settings.wechat
    timestamp = str(int(app_clock.now().timestamp()))
    query = {"timestamp": timestamp, "nonce": "42", "echostr": "8341"}
    query["signature"] = sorted_digest(wechat.mini_push_token, timestamp, "42")
    assert client.get(CHANNEL, query_string=query).data == b"8341"
