"""Codes by SMS by phone, by address and by day: much costs a proof, nobody uses up another's, people are told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.cases.models import Case
from app.kernel import clock
from app.kernel.db import db
from app.verification import sms_limits
from tests.member_api.conftest import Phone
from tests.support.proofs import header


@pytest.fixture
def steady() -> Iterator[None]:
    """The clock held where the platforms' own clock stands."""
    with clock.freeze(clock.now()):
        yield


def ask(phone: Phone, number: str, *, address: str = "10.0.0.1", **headers: str) -> tuple[int, dict[str, object]]:
    answer = phone.client.post(
        "/api/v1/sms-codes", json={"phone": number}, headers=headers, environ_base={"REMOTE_ADDR": address}
    )
    return answer.status_code, answer.json.get("error", {})


def numbers(start: int, count: int) -> list[str]:
    return [f"137{start + number:08d}" for number in range(count)]


def test_a_busy_address_pays_and_goes_on(phone: Phone, steady: None) -> None:
    for number in numbers(0, sms_limits.FREE_PER_ADDRESS_AND_HOUR):
        assert ask(phone, number)[0] == 202
    status, error = ask(phone, "13700009999")
    assert (status, error["code"]) == (429, "proof_required")
    proof = header(error["fields"]["challenge"], error["fields"]["bits"])  # type: ignore[index]
    assert ask(phone, "13700009999", **proof)[0] == 202
    assert ask(phone, "13700009998", **proof)[0] == 429  # it was used up
    assert ask(phone, "13700009998", address="10.0.0.2")[0] == 202


def test_nobody_uses_up_anothers_codes_from_one_place(phone: Phone) -> None:
    number, start = phone.person["phone"], clock.now()
    codes = []
    for hour in range(8):
        with clock.freeze(clock.start_of_day(clock.business_date(start)) + timedelta(days=2, hours=hour + 9)):
            codes.append(ask(phone, number)[0])
    assert codes[6:] == [429, 429]
    with clock.freeze(clock.start_of_day(clock.business_date(start)) + timedelta(days=2, hours=18)):
        assert ask(phone, number, address="10.0.0.2")[0] != 429


def test_a_days_budget_raises_the_alarm_before_it_is_spent(phone: Phone, app: Flask, steady: None) -> None:
    before = app.extensions["huitou"]
    app.extensions["huitou"] = replace(before, sms=replace(before.sms, daily_budget=5))
    try:
        asked = [ask(phone, number) for number in numbers(500, 6)]
    finally:
        app.extensions["huitou"] = before
    assert [status for status, _ in asked] == [202] * 5 + [503]
    assert asked[-1][1]["code"] == "sms_budget_spent"
    cases = db.session.scalars(select(Case).where(Case.kind == "sms_budget").order_by(Case.id)).all()
    assert [(case.reason, case.facts["count"]) for case in cases] == [("near", 4), ("spent", 6)]


def test_wrong_tries_of_others_do_not_spoil_a_code(phone: Phone, steady: None) -> None:
    number = phone.person["phone"]
    assert ask(phone, number)[0] == 202
    for _ in range(5):
        assert phone.post("/sessions/sms", phone=number, code="000000").status_code == 422
    refused = phone.post("/sessions/sms", phone=number, code="000000")
    assert (refused.status_code, refused.json["error"]["code"]) == (429, "proof_required")
    wanted = refused.json["error"]["fields"]
    headers = header(wanted["challenge"], wanted["bits"])
    sent = {"phone": number, "code": _code(phone)}
    assert phone.client.post("/api/v1/sessions/sms", json=sent, headers=headers).status_code == 201


def _code(phone: Phone) -> str:
    items = phone.platforms.get(f"/phone/api/sms?phone={phone.person['phone']}")["items"]
    return str(items[0]["params"]["code"])
