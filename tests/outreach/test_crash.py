"""kill -9 of a sender, at every step, never makes a message go twice and never loses what can still be sent."""

import os
import signal
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select

from app.kernel import clock as app_clock
from app.kernel.db import atomic, db
from app.outreach.consents import consents
from app.outreach.messages import broker, deliveries
from app.outreach.messages.models import OutreachMessage
from script.supervisor import devenv
from tests.builders.identity import make_member
from tests.builders.outreach import allow, plan
from tests.outreach.conftest import Phone
from tests.support import kept, run
from tests.support.clock import StillClock


def prepare(phone: Phone) -> int:
    """A member with two consents and one due message."""
    for _ in range(2):
        phone.allow()
    with atomic():
        member = make_member(openid=phone.openid)
        allow(member, 2)
        plan(member)
        return member.id


def crash(where: str, app: Flask, phone: Phone) -> None:
    """Runs a sender in a process of its own that does not survive."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    port = urlsplit(phone.platforms.url).port
    addresses = devenv.addresses(run.CLOSED_PORT, port)
    environment = {**os.environ, **run.environment(url), **addresses}
    done = kept.run("tests.outreach.crash_worker", where, app_clock.now().isoformat(), environment=environment)
    assert done.returncode == -signal.SIGKILL


def keep_on_sending(clock: StillClock, phone: Phone) -> None:
    """A day of other workers: every round, and the reaper."""
    for _ in range(8):
        phone.send_due()
        with atomic():
            deliveries.give_up_silent(now=clock.now, limit=10)
        clock.advance(hours=3)


def stands(member_id: int) -> tuple[str, str | None, int]:
    with atomic():
        row = select(OutreachMessage.status, OutreachMessage.reason, OutreachMessage.attempts)
        return tuple(db.session.execute(row.where(OutreachMessage.member_id == member_id)).one())  # type: ignore[return-value]


def stock(member_id: int) -> int:
    with atomic():
        return consents.stock(member_id)["benefit"]


def test_killed_between_claim_and_sending_it_is_never_sent(
    committed_app: Flask, clock: StillClock, phone: Phone
) -> None:
    member_id = prepare(phone)
    crash("before_sending", committed_app, phone)
    assert stands(member_id) == ("sending", None, 1)
    keep_on_sending(clock, phone)
    assert stands(member_id) == ("unknown", "worker_died", 1)
    assert phone.messages() == []
    assert stock(member_id) == 1
    with atomic():
        assert len(broker.list_touches(member_id, since=clock.now.replace(day=1))) == 1


def test_killed_after_sending_it_is_not_sent_again(committed_app: Flask, clock: StillClock, phone: Phone) -> None:
    member_id = prepare(phone)
    crash("after_sending", committed_app, phone)
    keep_on_sending(clock, phone)
    assert stands(member_id) == ("unknown", "worker_died", 1)
    assert len(phone.messages()) == 1
    assert stock(member_id) == 1


def test_killed_while_claiming_it_is_sent_once_by_another(
    committed_app: Flask, clock: StillClock, phone: Phone
) -> None:
    member_id = prepare(phone)
    crash("while_claiming", committed_app, phone)
    assert stands(member_id) == ("planned", None, 0)
    keep_on_sending(clock, phone)
    assert stands(member_id) == ("sent", None, 1)
    assert len(phone.messages()) == 1
    assert stock(member_id) == 1
