"""The same callback delivered many times at once, and many workers over the same events."""

from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app.contacts.models import ContactGreeting, GreetingStatus
from app.identity.models import IdentityKind, MemberIdentity
from app.kernel.db import atomic, db
from app.timeline.models import TimelineEvent
from app.wechat.callbacks.models import PlatformEvent
from app.wechat.gateway import Gateway
from app.workers import contacts as contact_flow
from app.workers import greetings
from tests.builders.malls import make_mall
from tests.open_api import callbacks
from tests.open_api.callbacks import CallbackTrap, deliver
from tests.support.races import race, winners

CALLERS = 8


def people_scan(trap: CallbackTrap, gateway: Gateway) -> None:
    """Every demo person adds the contact through one code."""
    way = gateway.wecom.add_contact_way("default")
    for person in trap.platforms.get("/phone/api/people")["items"]:
        trap.platforms.post(f"/phone/api/people/{person['id']}/wecom/add", {"config_id": way.config_id})


def test_a_callback_delivered_many_times_at_once_is_one_event(committed_app: Flask, tmp_path: Path) -> None:
    with callbacks.caught(tmp_path / "sandbox") as trap:
        gateway = trap.platforms.gateway()
        people_scan(trap, gateway)
        callback = trap.callbacks(3)[0]
        answers = race(committed_app, [lambda: deliver(committed_app.test_client(), callback).status_code] * CALLERS)
        gateway.close()
    assert answers == [200] * CALLERS
    assert len(db.session.scalars(select(PlatformEvent)).all()) == 1
    assert len(db.session.scalars(select(ContactGreeting)).all()) == 1


def test_many_workers_share_the_events(committed_app: Flask, tmp_path: Path) -> None:
    with atomic():
        make_mall()
    with callbacks.caught(tmp_path / "sandbox") as trap:
        gateway = trap.platforms.gateway()
        people_scan(trap, gateway)
        caught = trap.callbacks(3)
        for callback in caught:
            deliver(committed_app.test_client(), callback)

        def work() -> None:
            contact_flow.link_due_contacts(gateway.wecom, limit=2)
            greetings.send_due_greetings(gateway.wecom, public_url="https://mall.example", limit=2)

        assert len(winners(race(committed_app, [work] * CALLERS))) == CALLERS
        gateway.close()
        sent = trap.platforms.calls("/cgi-bin/externalcontact/send_welcome_msg")
        looked_up = trap.platforms.calls("/cgi-bin/externalcontact/get")
    events = db.session.scalars(select(PlatformEvent)).all()
    assert [event.attempts for event in events] == [1] * len(caught)
    assert all(event.done_at is not None for event in events)
    assert [row.status for row in db.session.scalars(select(ContactGreeting))] == [GreetingStatus.SENT.value] * 3
    assert (sent, looked_up) == (3, 3)
    contacts = select(MemberIdentity).where(MemberIdentity.kind == IdentityKind.WECOM_EXTERNAL.value)
    assert len({row.member_id for row in db.session.scalars(contacts)}) == 3
    assert len(db.session.scalars(select(TimelineEvent)).all()) == 3
