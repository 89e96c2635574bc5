"""Points paid in stores of the past, by the batch, leave the rows that paying one by one leaves."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.access.audit import Actor
from app.access.machines import machines
from app.flows.history import outcomes
from app.flows.history import till_points as history
from app.flows.history.outcomes import Outcome
from app.flows.history.till_points import Incoming
from app.flows.points import till_points
from app.identity.codes import member_codes
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.points.ledger import queries as points_queries
from app.points.worth import factors
from tests.builders import malls
from tests.builders.machines import make_machine
from tests.builders.settlement import make_contract
from tests.builders.till_points import give_points, make_saver, make_taker
from tests.flows.history.snapshots import snapshot
from tests.support.clock import StillClock

# Names given by chance left out: a payment is known by its member and moment.
PAYMENTS = """
    SELECT member_id, mall_id, merchant_id, store_id, staff_id, machine_id, points, worth_fen, factor_bps, status,
        created_at, confirm_by, consented_at, paid_at, released_at, reversed_at
    FROM points_payments"""
HOLDS = """
    SELECT member_id, status, points, captured_points, returned_points, repaid_points, reason_code,
        reason_facts::text, mall_id, store_id, held_at, until, closed_at
    FROM points_holds"""
HOLD_USES = """
    SELECT u.member_id, h.held_at, e.fact AS lot, u.points
    FROM points_hold_uses u JOIN points_holds h ON h.member_id = u.member_id AND h.id = u.hold_id
    JOIN points_lots l ON l.member_id = u.member_id AND l.id = u.lot_id
    JOIN points_entries e ON e.member_id = l.member_id AND e.id = l.entry_id"""


@pytest.fixture
def told(clock: StillClock) -> list[Incoming]:
    """Payments out of one lot and several, of everything there is and of more, and in a store without a contract."""
    contract = make_contract(since=date(2026, 1, 1), redeem_price_fen=90)
    elsewhere = malls.make_store(contract.mall, malls.make_merchant())
    machine = machines.find_machine(make_machine(contract.mall, "pos").client_id)
    assert machine is not None
    tomorrow = app_clock.business_date(clock.now) + timedelta(1)
    factors.publish(12_000, effective_from=tomorrow, by="周宁", now=clock.now)
    first, second = make_saver(900, mall=contract.mall), make_saver(3_000, mall=contract.mall)
    give_points(first, 500)
    asked = [(first, 700), (first, 400), (first, 301), (second, 2_500), (first, 300), (second, 501), (second, 499)]
    places = [contract.store] * 6 + [elsewhere]
    return [
        Incoming(member.id, points, store, machine.id, f"code-{number}", clock.now + timedelta(hours=5 * number))
        for number, ((member, points), store) in enumerate(zip(asked, places, strict=True), 1)
    ]


def one_by_one(items: Sequence[Incoming]) -> list[Outcome]:
    return [outcomes.one_by_one(lambda item=item: _pay(item)) for item in items]  # type: ignore[misc]


def _pay(item: Incoming) -> Outcome:
    """The machine has taken the member's code, asks, hears yes on the phone, and takes the points."""
    clerk = make_taker(item.store)
    taker = replace(
        clerk,
        used_by="till",
        actor=Actor("machine", item.machine_id, "till"),
        staff_id=None,
        machine_id=item.machine_id,
    )
    member_codes.take_once(item.member_id, item.consent, used_by="till", now=item.at)
    payment = till_points.ask_for_points(item.member_id, item.points, taker, now=item.at)
    till_points.confirm_payment(item.member_id, payment.public_id, now=item.at)
    db.session.flush()
    till_points.capture_payment(payment, now=item.at)
    return outcomes.NEW


def outcome_of(load: Callable[[Sequence[Incoming]], list[Outcome]], items: Sequence[Incoming]) -> tuple[Any, ...]:
    """What became of each and what the tables say, with everything undone after; names given by chance left out."""
    savepoint = db.session.begin_nested()
    fates = [(one.kind.value, one.error.code if one.error else None) for one in load(items)]
    tables = {name: [_nameless(row) for row in rows] for name, rows in snapshot().items()}
    rows = [sorted(map(tuple, db.session.execute(text(query))), key=repr) for query in (PAYMENTS, HOLDS, HOLD_USES)]
    assert points_queries.list_disagreements() == []
    savepoint.rollback()
    return fates, {name: sorted(rows, key=repr) for name, rows in tables.items()}, rows


def _nameless(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(re.sub("till:.*", "till", cell) if isinstance(cell, str) else cell for cell in row)


@pytest.mark.parametrize("size", [7, 3, 1])
def test_a_batch_is_what_the_same_would_be_one_by_one(told: list[Incoming], size: int) -> None:
    def load(items: Sequence[Incoming]) -> list[Outcome]:
        return [one for start in range(0, len(items), size) for one in history.load(items[start : start + size])]

    expected = outcome_of(one_by_one, told)
    assert [code for _, code in expected[0]] == [
        None,
        None,
        "insufficient_points",
        None,
        None,
        "insufficient_points",
        "store_takes_no_points",
    ]
    assert outcome_of(load, told) == expected
