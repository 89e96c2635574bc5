"""A receipt that was brought in without its hour stands on its day alone, wherever it is shown."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.audit import Actor
from app.access.models import Role
from app.flows.claims import claiming, reviewing
from app.flows.privacy import own_data
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.purchases.claims.claims import Wish
from app.purchases.models import Purchase
from app.purchases.photos.photos import Seen
from app.settlement.statements import statements
from app.settlement.statements.explained import select_explained
from app.settlement.statements.models import Statement
from app.web import reasons
from tests.builders.photos import send_photo
from tests.builders.settlement import Contract
from tests.builders.staff import make_staff, sign_in
from tests.support.clock import StillClock


@pytest.fixture
def brought(contract: Contract, member: Member, clock: StillClock) -> list[Purchase]:
    """A claim, a photograph without an hour, and one with it; the first two stand at noon."""
    clock.advance(hours=8)
    day, by = app_clock.business_date(clock.now), Actor("staff", make_staff().id, "张岚")
    wish = Wish(store=contract.store, receipt_no="C1", amount_fen=1_100, day=day)
    claim = claiming.claim_receipt(member.id, wish, now=clock.now)
    claiming.approve(member.id, claim.id, by, now=clock.now)
    untimed = Seen(store=contract.store, receipt_no="P1", amount_fen=1_200, business_day=day)
    timed = replace(untimed, receipt_no="P2", amount_fen=1_300, printed_at=clock.now - timedelta(hours=1))
    for number, seen in enumerate((untimed, timed), start=1):
        photo = send_photo(member, number=number, now=clock.now)
        reviewing.approve(member.id, photo.id, seen, by, now=clock.now)
    return list(db.session.scalars(select(Purchase).order_by(Purchase.amount_fen)))


def hour_of(at: datetime) -> str:
    return f"{app_clock.local(at):%H:%M}"


def test_the_console_shows_the_day_alone(client: FlaskClient, contract: Contract, brought: list[Purchase]) -> None:
    assert sign_in(client, make_staff(Role.OPERATIONS), portal="/console").status_code == 303
    base = f"/console/{contract.mall.code}/purchases"
    claimed, untimed, timed = brought
    listed = client.get(base).text
    assert "12:00" not in listed and hour_of(timed.occurred_at) in listed
    for one, is_told in ((claimed, False), (untimed, False), (timed, True)):
        page = client.get(f"{base}/{one.member_id}-{one.id}").text
        assert "12:00:00" not in page and (f"{hour_of(timed.occurred_at)}:" in page) is is_told


def test_the_members_own_document_and_the_statement_do_so_too(
    contract: Contract, member: Member, brought: list[Purchase], clock: StillClock
) -> None:
    *_, timed = brought
    own = {name: list(rows) for name, rows in own_data.parts(member, words=reasons.words_of)}
    bought = [row for row in own["timeline"] if row["kind"] == "purchased"]
    for rows in (own["purchases"], bought):
        days = {one.occurred_at: app_clock.business_date(one.occurred_at) for one in brought}
        assert [row["occurred_at"] for row in rows] == [None, None, timed.occurred_at]
        assert [row["day"] for row in rows] == [days[one.occurred_at] for one in brought]
    month = app_clock.first_of_month(app_clock.business_date(clock.now))
    clock.advance(days=31)
    statements.close_month(contract.mall.id, month, now=clock.now)
    rows = db.session.execute(select_explained(Statement.mall_id == contract.mall.id)).all()
    told = {row.reference.rpartition(":")[2]: row.occurred_at for row in rows}
    assert told == {"C1": None, "P1": None, "P2": timed.occurred_at}
