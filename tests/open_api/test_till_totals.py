"""Day totals of tills against the receipts that came."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.audit import Actor
from app.access.models import Role
from app.cases import cases
from app.cases.models import SETTLED_ITSELF, Case
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.purchases.totals import totals
from app.purchases.totals.models import TillTotal
from app.workers import receipts
from tests.builders.machines import Machine
from tests.builders.settlement import Contract
from tests.builders.staff import make_staff, sign_in
from tests.open_api.receipts import PHONE, RECEIPTS, error_of, receipt
from tests.support.clock import StillClock

TOTALS = "/open/v1/till-totals"


def told(contract: Contract, clock: StillClock, **facts: Any) -> dict[str, Any]:
    day = app_clock.business_date(clock.now).isoformat()
    return {"source": "pos", "store_code": contract.store.code, "till": "1", "day": day, **facts}


@pytest.mark.requirement("S0.47")
def test_a_day_that_fits_asks_nobody(
    client: FlaskClient, contract: Contract, till: Machine, member: Member, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, receipt(contract, clock, source="kiosk", phone=PHONE))
    till.post(client, RECEIPTS, receipt(contract, clock, phone=PHONE))  # the same payment, told again by this source
    till.post(client, RECEIPTS, receipt(contract, clock, receipt_no="R2", amount_fen=500))  # nobody's
    till.post(client, RECEIPTS, receipt(contract, clock, receipt_no="B9", amount_fen=-100, refund_of="R9"))  # waits
    assert till.post(client, TOTALS, told(contract, clock, count=2, amount_fen=12_845)).status_code == 200
    assert till.post(client, TOTALS, told(contract, clock, till="2", count=1, amount_fen=-100)).status_code == 200
    assert receipts.compare_totals(limit=9) == 0  # the day is not over
    clock.advance(days=1)
    assert receipts.compare_totals(limit=9) == 0
    assert db.session.scalars(select(TillTotal.differs)).all() == [False, False]
    assert db.session.scalars(select(Case)).all() == []


def test_a_difference_becomes_a_case_that_late_receipts_settle(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock
) -> None:
    late = receipt(contract, clock, receipt_no="R2", amount_fen=500)
    till.post(client, RECEIPTS, receipt(contract, clock))
    both = [{"receipt_no": "R1", "amount_fen": 12_345}, {"receipt_no": "R2", "amount_fen": 500}]
    till.post(client, TOTALS, told(contract, clock, count=2, amount_fen=12_845, receipts=both))
    clock.advance(days=1)
    day = app_clock.business_date(clock.now - timedelta(days=1))
    assert [receipts.compare_totals(limit=9) for _ in range(2)] == [1, 1]
    case = db.session.scalars(select(Case)).one()
    assert (case.kind, case.facts["told"], case.facts["came"]) == ("till_totals_differ", 2, 1)
    assert totals.compare("pos", contract.store, day).missing == [("R2", 500)]
    assert totals.count_differing(contract.mall.id, first=day, last=day) == 1
    assert sign_in(client, make_staff(Role.FINANCE), portal="/console").status_code == 303
    base = f"/console/{contract.mall.code}"
    for page in (f"/cases/{case.public_id}", f"/purchases/totals/{contract.store.code}/{day}/pos"):
        shown = client.get(base + page).text
        assert "R2" in shown and "日结有、系统没有" in shown
    till.post(client, RECEIPTS, late)
    assert receipts.compare_totals(limit=9) == 0
    db.session.refresh(case)
    assert case.outcome == SETTLED_ITSELF


def answer(case: Case, clock: StillClock) -> None:
    person = make_staff(Role.FINANCE)
    by = Actor("staff", person.id, person.name)
    cases.take(case.id, by, now=clock.now)
    cases.answer(case.id, "explained", by, note="", now=clock.now)


def test_what_was_answered_is_asked_anew_only_when_its_figures_change(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock
) -> None:
    late = [receipt(contract, clock, receipt_no=f"R{number}", amount_fen=500) for number in (2, 3)]
    till.post(client, RECEIPTS, receipt(contract, clock))
    till.post(client, TOTALS, told(contract, clock, count=3, amount_fen=13_345))
    clock.advance(days=1)
    assert receipts.compare_totals(limit=9) == 1
    answer(db.session.scalars(select(Case)).one(), clock)
    assert receipts.compare_totals(limit=9) == 1 and len(db.session.scalars(select(Case)).all()) == 1
    till.post(client, RECEIPTS, late[0])
    assert [receipts.compare_totals(limit=9) for _ in range(2)] == [1, 1]
    first, second = db.session.scalars(select(Case).order_by(Case.id))
    assert (first.facts["came"], second.facts["came"], second.outcome) == (1, 2, None)
    till.post(client, RECEIPTS, late[1])
    assert receipts.compare_totals(limit=9) == 0
    db.session.refresh(second)
    assert second.outcome == SETTLED_ITSELF


def test_days_that_go_on_differing_keep_no_other_day_waiting(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock
) -> None:
    earlier = told(contract, clock, count=1, amount_fen=7)
    clock.advance(days=1)
    till.post(client, TOTALS, told(contract, clock, count=2, amount_fen=12_845))
    clock.advance(days=1)
    assert receipts.compare_totals(limit=1) == 1
    till.post(client, TOTALS, earlier)
    receipts.compare_totals(limit=1)
    assert db.session.scalars(select(TillTotal.differs).order_by(TillTotal.business_day)).all() == [True, True]


def test_a_day_told_long_after_is_compared_once_and_asks_nobody(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock
) -> None:
    word = told(contract, clock, count=2, amount_fen=12_845)
    till.post(client, RECEIPTS, receipt(contract, clock))
    clock.advance(days=40)
    till.post(client, TOTALS, word)
    assert [receipts.compare_totals(limit=9) for _ in range(2)] == [1, 0]
    total = db.session.scalars(select(TillTotal)).one()
    assert total.differs is True and total.apart_fen == 500
    assert db.session.scalars(select(Case)).all() == []


def test_a_newer_word_stands_for_the_one_before(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, receipt(contract, clock))
    till.post(client, TOTALS, told(contract, clock, count=9, amount_fen=1))
    clock.advance(days=1)
    assert receipts.compare_totals(limit=9) == 1
    yesterday = app_clock.business_date(clock.now - timedelta(days=1)).isoformat()
    till.post(client, TOTALS, told(contract, clock, day=yesterday, count=1, amount_fen=12_345))
    assert receipts.compare_totals(limit=9) == 0
    assert db.session.scalars(select(Case.outcome)).all() == [SETTLED_ITSELF]


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": -1},
        {"count": True},
        {"amount_fen": "1"},
        {"amount_fen": 10**13},
        {"day": "2099-01-01"},
        {"day": "yesterday"},
        {"till": ""},
        {"receipts": [{"receipt_no": "R1", "amount_fen": 1}]},
        {"count": 2, "amount_fen": 2, "receipts": [{"receipt_no": "R1", "amount_fen": 1}] * 2},
    ],
)
def test_bad_totals_are_refused_and_leave_nothing(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock, wrong: dict[str, Any]
) -> None:
    answer = till.post(client, TOTALS, told(contract, clock, **{"count": 1, "amount_fen": 100, **wrong}))
    assert error_of(answer) == (422, "validation_failed")
    assert db.session.scalars(select(TillTotal)).all() == []


def test_a_till_tells_of_its_own_stores_only(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock
) -> None:
    elsewhere = told(contract, clock, count=1, amount_fen=1) | {"store_code": "NOWHERE"}
    assert error_of(till.post(client, TOTALS, elsewhere)) == (404, "store_not_found")


def test_tills_that_make_up_for_each_other_are_told_apart(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, receipt(contract, clock, till="1"))
    till.post(client, RECEIPTS, receipt(contract, clock, receipt_no="R2", amount_fen=500, till="2"))
    till.post(client, TOTALS, told(contract, clock, till="1", count=1, amount_fen=12_245))
    till.post(client, TOTALS, told(contract, clock, till="2", count=1, amount_fen=600))
    till.post(client, TOTALS, told(contract, clock, till="*", count=2, amount_fen=12_845))
    clock.advance(days=1)
    assert receipts.compare_totals(limit=9) == 1
    found = {one.till: one.differs for one in db.session.scalars(select(TillTotal))}
    assert found == {"1": True, "2": True, "*": False}
    case = db.session.scalars(select(Case)).one()
    assert (case.reason, case.facts["tills"], case.facts["told_fen"]) == ("tills_differ", "1/2", 12_845)


def test_what_a_till_rang_up_without_a_word_is_a_difference(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, receipt(contract, clock, till="1"))
    till.post(client, RECEIPTS, receipt(contract, clock, receipt_no="R2", amount_fen=500, till="9"))
    till.post(client, TOTALS, told(contract, clock, till="1", count=1, amount_fen=12_345))
    clock.advance(days=1)
    assert receipts.compare_totals(limit=9) == 1
    assert db.session.scalars(select(TillTotal.differs)).all() == [True]
    day = app_clock.business_date(clock.now - timedelta(days=1))
    assert totals.compare("pos", contract.store, day).differing_tills == ["9"]


def test_one_receipt_without_its_till_lets_the_store_be_compared_as_a_whole(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock
) -> None:
    till.post(client, RECEIPTS, receipt(contract, clock, till="1"))
    till.post(client, RECEIPTS, receipt(contract, clock, receipt_no="R2", amount_fen=500))
    till.post(client, TOTALS, told(contract, clock, till="1", count=1, amount_fen=12_245))
    till.post(client, TOTALS, told(contract, clock, till="2", count=1, amount_fen=600))
    clock.advance(days=1)
    assert receipts.compare_totals(limit=9) == 0


@pytest.mark.parametrize("source", ["a:b", "photo"])
def test_totals_are_of_a_source_that_receipts_may_have(
    client: FlaskClient, contract: Contract, till: Machine, clock: StillClock, source: str
) -> None:
    answer = till.post(client, TOTALS, told(contract, clock, count=1, amount_fen=100, source=source))
    assert error_of(answer) == (422, "receipt_invalid")
