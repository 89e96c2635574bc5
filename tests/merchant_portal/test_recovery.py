"""A forgotten password: who holds the account's phone sets a new one, and nobody learns whose phone has an account."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.access import staff
from app.access.models import AuditEntry, Role, Staff
from app.access.scopes import Place
from app.kernel.db import db
from app.malls.models import Store
from app.verification import sms_codes, sms_limits
from tests.builders.staff import PASSWORD, make_clerk, make_staff, phone_of, sign_in, submit
from tests.merchant_portal.conftest import Portal
from tests.support.clock import StillClock
from tests.support.isolation import Client

PAGE, NEW = "/portal/forgotten", "new-secret-8"


class Outbox:
    """The provider's side: what it was asked to send."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send_password_code(self, phone: str, code: str, *, message_id: str) -> str:
        self.sent.append((phone, code))
        return message_id


@pytest.fixture
def outbox(app: Flask) -> Iterator[Outbox]:
    before, app.extensions["huitou.sms"] = app.extensions["huitou.sms"], Outbox()
    yield app.extensions["huitou.sms"]
    app.extensions["huitou.sms"] = before


def ask(client: Client, phone: str) -> TestResponse:
    answer = submit(client, PAGE, PAGE, phone=phone)
    answer.close()  # what follows an answer is done when it has left
    return answer


def recover(client: Client, phone: str, code: str, password: str = NEW) -> str:
    """Send the form; returns what the next page tells."""
    answer = submit(client, PAGE, f"{PAGE}/password", phone=phone, code=code, new_password=password)
    return " ".join(re.findall(r'class="flash[^>]*>.*?</svg>([^<]*)', client.get(answer.location).text))


def test_the_code_sets_a_new_password_and_ends_every_session(client: Client, clerk: Portal, outbox: Outbox) -> None:
    phone = phone_of(clerk.person)
    staff.mark_temporary(clerk.person)
    assert "验证码已发出" in client.get(ask(client, f"+86 {phone}").location).text
    [(to, code)] = outbox.sent
    assert to == phone
    assert "密码已重设" in recover(client, phone, code)
    assert clerk.client.get("/portal/me").status_code == 303
    assert sign_in(client, clerk.person).status_code == 401
    assert sign_in(client, clerk.person, password=NEW).status_code == 303
    assert client.get("/portal/me").status_code == 200
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.password_recovered")).one()
    assert (entry.actor_id, entry.subject, entry.facts) == (clerk.person.id, f"staff:{clerk.person.id}", {})


def test_a_code_counts_once_and_not_for_signing_in_as_a_member(client: Client, clerk: Portal, outbox: Outbox) -> None:
    phone = phone_of(clerk.person)
    ask(client, phone)
    code = outbox.sent[0][1]
    assert not sms_codes.accept(phone, code, now=clerk.person.created_at)
    assert "密码需" in recover(client, phone, code, "short")
    assert "密码已重设" in recover(client, phone, code)
    assert "验证码不正确" in recover(client, phone, code, "another-pass-9")


def test_a_form_that_is_sent_twice_sets_the_password_once(client: Client, clerk: Portal, outbox: Outbox) -> None:
    phone = phone_of(clerk.person)
    ask(client, phone)
    form = {"phone": phone, "code": outbox.sent[0][1], "new_password": NEW, "idempotency_key": "R" * 22}
    answers = [submit(client, PAGE, f"{PAGE}/password", **form) for _ in range(2)]
    assert [answer.location for answer in answers] == ["/portal/sign-in"] * 2
    assert client.get("/portal/sign-in").text.count("密码已重设") == 1
    assert sign_in(client, clerk.person, password=NEW).status_code == 303
    done = select(AuditEntry).where(AuditEntry.action == "staff.password_recovered")
    assert len(db.session.scalars(done).all()) == 1


def people_without_recovery(store: Store) -> list[Staff]:
    both = make_clerk(store)
    staff.grant_role(both.id, role=Role.OPERATIONS, place=Place(mall_id=store.mall_id))
    off = make_clerk(store)
    off.active = False
    return [both, off, make_staff(), make_staff(Role.ADMINISTRATOR)]


def test_nobody_learns_who_has_an_account(client: Client, store: Store, outbox: Outbox) -> None:
    known = ask(client, phone_of(make_clerk(store)))
    assert len(outbox.sent) == 1
    for phone in ["13600000000", *(phone_of(person) for person in people_without_recovery(store))]:
        answer = ask(client, phone)
        assert (answer.status_code, answer.location) == (known.status_code, known.location)
        assert "验证码不正确" in recover(client, phone, "000000")
    assert len(outbox.sent) == 1


def test_an_account_that_is_switched_off_meanwhile_stays_off(client: Client, clerk: Portal, outbox: Outbox) -> None:
    ask(client, phone_of(clerk.person))
    clerk.person.active = False
    assert "验证码不正确" in recover(client, phone_of(clerk.person), outbox.sent[0][1])
    clerk.person.active = True
    assert sign_in(client, clerk.person, password=PASSWORD).status_code == 303


def test_a_phone_is_not_flooded_and_a_code_not_guessed(
    client: Client, clerk: Portal, outbox: Outbox, clock: StillClock
) -> None:
    phone = phone_of(clerk.person)
    ask(client, phone)
    assert "过于频繁" in client.get(ask(client, phone).location).text
    for _ in range(sms_codes.FREE_FAILURES):
        recover(client, phone, "000000" if outbox.sent[0][1] != "000000" else "111111")
    assert "请完成安全验证" in recover(client, phone, outbox.sent[0][1])
    clock.advance(seconds=sms_limits.RETRY_AFTER_S)
    ask(client, phone)
    assert "密码已重设" in recover(client, phone, outbox.sent[1][1])


def test_sign_in_that_was_locked_by_wrong_passwords_is_open_again(
    client: Client, clerk: Portal, outbox: Outbox
) -> None:
    for _ in range(staff.TRIES_PER_PHONE):
        sign_in(client, clerk.person, password="wrong-pass-1")
    ask(client, phone_of(clerk.person))
    recover(client, phone_of(clerk.person), outbox.sent[0][1])
    assert sign_in(client, clerk.person, password=NEW).status_code == 303


@pytest.mark.parametrize("phone", ["", "12", "not a phone"])
def test_what_is_no_phone_is_said_so(client: Client, phone: str, outbox: Outbox) -> None:
    assert "手机号" in client.get(ask(client, phone).location).text and outbox.sent == []
