"""The worker that greets: platforms away, workers that die, greetings too late."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from app.contacts import greetings as contacts_greetings
from app.contacts.models import GreetingStatus
from app.entrances.models import Entrance
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.wechat.callbacks import inbox
from app.wechat.callbacks.models import PlatformEvent
from app.wechat.gateway import Gateway
from tests.open_api.callbacks import CallbackTrap, deliver
from tests.open_api.contacts import greet, greeting, link, member_of, received, scanned


def test_a_platform_that_is_away_is_asked_again_later(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance
) -> None:
    deliver(client, scanned(trap, gateway, entrance.scene)[0])
    trap.platforms.fault("errcode", "wecom", endpoint="/cgi-bin/externalcontact/get", value="45009")
    link(gateway)
    event = db.session.scalars(select(PlatformEvent)).one()
    assert (event.done_at, event.last_error) == (None, "45009")
    link(gateway)
    assert event.attempts == 1, "not before its pause is over"
    with app_clock.freeze(app_clock.now() + timedelta(seconds=3)):
        link(gateway)
    db.session.expire_all()
    assert event.done_at is not None
    assert member_of(trap.platforms.person()["external_userid"])


def test_a_worker_that_died_after_greeting_does_not_greet_twice(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance
) -> None:
    deliver(client, scanned(trap, gateway, entrance.scene)[0])
    due = contacts_greetings.claim(now=app_clock.now(), limit=10)
    gateway.wecom.send_welcome(due[0].welcome_code, "您好")  # and here the worker dies, without a word
    greet(gateway)
    assert greeting().status == GreetingStatus.DUE
    with app_clock.freeze(app_clock.now() + timedelta(seconds=5)):
        greet(gateway)
    assert greeting().status == GreetingStatus.SENT
    assert len(received(trap)) == 1


def test_a_greeting_without_an_answer_is_tried_again(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance
) -> None:
    deliver(client, scanned(trap, gateway, entrance.scene)[0])
    trap.platforms.fault("reset", "wecom", endpoint="/cgi-bin/externalcontact/send_welcome_msg")
    greet(gateway)
    assert (greeting().status, greeting().last_error) == (GreetingStatus.DUE, "no answer")
    with app_clock.freeze(app_clock.now() + timedelta(seconds=2)):
        greet(gateway)
    assert (greeting().status, len(received(trap))) == (GreetingStatus.SENT, 1)


def test_a_greeting_that_waited_too_long_is_not_sent(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance
) -> None:
    deliver(client, scanned(trap, gateway, entrance.scene)[0])
    with app_clock.freeze(app_clock.now() + timedelta(seconds=20)):
        greet(gateway)
    assert (greeting().status, greeting().last_error) == (GreetingStatus.TOO_LATE, "not sent within 20 seconds")
    assert received(trap) == []


def test_the_platforms_own_too_late_is_kept_with_its_code(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance
) -> None:
    deliver(client, scanned(trap, gateway, entrance.scene)[0])
    trap.platforms.world.clock.offset_s += 21
    greet(gateway)
    assert (greeting().status, greeting().last_error) == (GreetingStatus.TOO_LATE, "platform code 41050")


def test_an_event_that_cannot_be_dealt_with_is_given_up_in_the_end(
    client: FlaskClient, trap: CallbackTrap, gateway: Gateway
) -> None:
    deliver(client, scanned(trap, gateway, "A1B2C3")[0])  # in a product without a single mall
    most_attempts = inbox.EVENTS.pauses.most_attempts or 0
    for days in range(most_attempts):
        with app_clock.freeze(app_clock.now() + timedelta(days=days + 1)):
            link(gateway)
    (event,) = inbox.list_dead(limit=10)
    assert (event.attempts, event.last_error) == (most_attempts, "unexpected error")
    assert inbox.requeue(event.id, now=app_clock.now())
    assert inbox.list_dead(limit=10) == []
