"""A newcomer to the demo finds one open case of every kind, each with evidence that is really there."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.models import Role, Staff
from app.cases import kinds
from app.cases.models import Case
from app.kernel.db import atomic, db
from cli.demo import directory, mall, questions
from tests.builders.staff import make_staff, sign_in
from tests.support.clock import StillClock
from tests.support.isolation import Client

WIRING = mall.Machines(
    gate_url="http://127.0.0.1:9", gate_id="gate", gate_secret="g" * 32, pos_id="pos", pos_secret="p" * 32
)


# How many messages were sent is counted, and no page shows it.
WITHOUT_A_PAGE = {"sms_budget"}
# Books that do not add up are a fault of the product, and a rate tells only after a quarter of a year.
NEVER_STAGED = {"points_differ", "points_rate"}


@pytest.fixture
def built(clock: StillClock) -> mall.Built:
    """The demo malls since forty days ago, without people's doings."""
    end = clock.now
    clock.advance(days=-40)
    with atomic():
        built = mall.build(WIRING, now=clock.now)
    clock.set(end)
    return built


@pytest.fixture
def person(db_session: object) -> Staff:
    return make_staff(Role.ADMINISTRATOR)


def test_every_kind_of_case_is_open_once(app: Flask, built: mall.Built, person: Staff, clock: StillClock) -> None:
    questions.leave_open(built, end=clock.now)
    found = list(db.session.scalars(select(Case)))
    assert sorted(case.kind for case in found) == sorted(kinds.all_kinds().keys() - NEVER_STAGED)
    assert all(case.answered_at is None and case.mall_id == built.malls["YH"].id for case in found)
    assert all(timedelta(0) <= clock.now - case.raised_at <= timedelta(days=1) for case in found)
    client = Client(app, app.response_class)
    assert sign_in(client, person, portal="/console").status_code == 303
    base = f"/console/{directory.MALLS[0].code}"
    for case in found:
        page = client.get(f"{base}/cases/{case.public_id}")
        assert page.status_code == 200
        if case.kind in WITHOUT_A_PAGE:
            continue
        assert case.evidence
        evidence = re.findall(
            rf'href="({base}/(?:members|stores|parking|purchases|callbacks)[^"]*)"', page.text.partition("<main")[2]
        )
        assert evidence, case.kind
        assert {client.get(one).status_code for one in evidence} == {200}
