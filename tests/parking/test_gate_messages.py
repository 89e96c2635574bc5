"""The gate hears of every paid stay, at least once and harmlessly often."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.access.audit import Actor
from app.access.models import Role
from app.access.scopes import Place
from app.cases import cases
from app.cases.models import Case
from app.flows import parking
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.parking.payment import gate_messages, silent_gates
from app.parking.payment.models import GateMessage
from app.parking.sessions import queries
from app.providers.gate import GateClient
from app.workers import gates
from tests.builders.parking import PLATE, Ground, make_driver, make_ground
from tests.builders.staff import make_staff
from tests.support import platforms as sandbox
from tests.support.patience import PATIENCE_S
from tests.support.platforms import Platforms

PAID = "/gate/v1/paid"


@pytest.fixture
def platforms(database_url: str, tmp_path: Path) -> Iterator[Platforms]:
    with sandbox.running(tmp_path / "sandbox", database_url=database_url) as standing:
        yield standing


@pytest.fixture
def gate() -> GateClient:
    return GateClient.from_timeout(PATIENCE_S)


@pytest.fixture
def ground(platforms: Platforms) -> Ground:
    """The sandbox's car park, with one paid stay."""
    gate = platforms.world.settings
    ground = make_ground(code=next(iter(gate.car_parks)), gate_url=platforms.url, gate_secret=gate.gate_secret)
    member = make_driver(ground, coupons=(120,))
    ground.comes(minutes_ago=100)
    (parked,) = queries.list_parked(member.id)
    offer = parking.quote_stay(member.id, parked.session.public_id, now=app_clock.now())
    wish = parking.PaymentChoice(offer.quote.public_id, [cover.coupon_id for cover in offer.proposal.coupons], 0)
    parking.begin_payment(member.id, parked.session.public_id, wish, payer=None, now=app_clock.now())
    return ground


def message() -> GateMessage:
    return db.session.scalars(select(GateMessage).execution_options(populate_existing=True)).one()


def heard(platforms: Platforms) -> int:
    """How many different messages the gate has taken."""
    return len(platforms.world.store.all("SELECT 1 FROM gate_paid WHERE plate = ?", PLATE))


def test_a_due_message_is_sent_and_marked(platforms: Platforms, ground: Ground, gate: GateClient) -> None:
    assert gates.send_due_gate_messages(gate) == 1
    assert gates.send_due_gate_messages(gate) == 0
    assert message().done_at is not None
    assert heard(platforms) == 1


def test_a_gate_that_is_away_hears_of_it_later(platforms: Platforms, ground: Ground, gate: GateClient) -> None:
    platforms.fault("http", "gate", value="503", times=2)
    assert gates.send_due_gate_messages(gate) == 1
    assert (message().done_at, message().last_error, message().attempts) == (None, "platform_unavailable", 1)
    with app_clock.freeze(app_clock.now() + timedelta(seconds=3)):
        assert gates.send_due_gate_messages(gate) == 1
    assert message().done_at is not None
    assert message().last_error is None


def test_a_gate_that_refuses_leaves_its_word(platforms: Platforms, ground: Ground, gate: GateClient) -> None:
    ground.car_park.gate_secret_sealed = make_ground(gate_secret="another").car_park.gate_secret_sealed
    db.session.flush()
    gates.send_due_gate_messages(gate)
    assert (message().done_at, message().last_error) == (None, "bad_signature")


def test_what_a_worker_has_claimed_is_left_to_it_until_its_lease_is_over(ground: Ground) -> None:
    now = app_clock.now()
    assert len(gate_messages.claim(now=now, limit=10)) == 1
    assert gate_messages.claim(now=now, limit=10) == []
    assert len(gate_messages.claim(now=now + gate_messages.MESSAGES.lease, limit=10)) == 1


def test_a_message_sent_but_not_marked_is_sent_again_and_heard_once(
    platforms: Platforms, ground: Ground, gate: GateClient
) -> None:
    gates.send_due_gate_messages(gate)
    db.session.execute(update(GateMessage).values(done_at=None))
    with app_clock.freeze(app_clock.now() + timedelta(minutes=2)):
        assert gates.send_due_gate_messages(gate) == 1
    assert (platforms.calls(PAID), heard(platforms)) == (2, 1)


def test_a_gate_that_stays_away_half_a_day_is_left_to_people_who_can_have_it_tried_again(
    platforms: Platforms, ground: Ground, gate: GateClient
) -> None:
    platforms.fault("http", "gate", value="503", times=None)
    most_attempts = gate_messages.MESSAGES.pauses.most_attempts or 0
    message().attempts = most_attempts - 1
    db.session.flush()
    gates.send_due_gate_messages(gate)
    (dead,) = gate_messages.list_dead(limit=10)
    assert (dead.last_error, dead.attempts, dead.done_at) == ("platform_unavailable", most_attempts, None)
    with app_clock.freeze(app_clock.now() + timedelta(days=1)):
        assert gates.send_due_gate_messages(gate) == 0
    platforms.delete("/faults")
    assert gate_messages.find_dead(dead.id) is not None
    assert gate_messages.requeue(dead.id, now=app_clock.now())
    assert not gate_messages.requeue(dead.id, now=app_clock.now())
    assert gates.send_due_gate_messages(gate) == 1
    assert (message().done_at is not None, heard(platforms)) == (True, 1)


def test_tries_reach_over_half_a_day() -> None:
    pauses = gate_messages.MESSAGES.pauses
    total = sum((pauses.after(attempt) for attempt in range(1, pauses.most_attempts or 0)), timedelta())
    assert timedelta(hours=11) < total < timedelta(hours=13)


def test_a_message_that_was_given_up_is_asked_about_and_tried_again_when_people_say_so(ground: Ground) -> None:
    assert _ask_about_dead() == 0
    db.session.execute(update(GateMessage).values(given_up_at=app_clock.now(), last_error="platform_unavailable"))
    assert (_ask_about_dead(), _ask_about_dead()) == (1, 0)
    case = db.session.scalars(select(Case)).one()
    assert (case.kind, case.mall_id, case.role) == ("gate_silent", ground.mall.id, "operations")
    assert case.evidence[1] == f"car_park:{ground.car_park.id}"
    _answer(case, "try_again")
    assert (message().given_up_at, message().done_at, len(gate_messages.list_dead(limit=9))) == (None, None, 0)
    assert len(gate_messages.claim(now=app_clock.now(), limit=10)) == 1


def test_a_gate_that_was_told_by_hand_is_not_told_again(ground: Ground) -> None:
    db.session.execute(update(GateMessage).values(given_up_at=app_clock.now()))
    _ask_about_dead()
    _answer(db.session.scalars(select(Case)).one(), "told_by_hand")
    assert (message().done_at is not None, gate_messages.list_dead(limit=9)) == (True, [])
    assert _ask_about_dead() == 0


def test_a_silent_gate_is_asked_about_after_ten_minutes_while_it_is_tried_and_no_longer_when_it_answers(
    platforms: Platforms, ground: Ground, gate: GateClient
) -> None:
    platforms.fault("http", "gate", value="503", times=None)
    start = app_clock.now()
    pauses = gate_messages.MESSAGES.pauses
    tries = gate_messages.SILENT_AFTER_TRIES
    took = sum((pauses.after(attempt) for attempt in range(1, tries)), timedelta())
    assert timedelta(minutes=8) <= took <= timedelta(minutes=10)
    message().attempts = tries - 2
    db.session.flush()
    with app_clock.freeze(start):
        gates.send_due_gate_messages(gate)
    assert _ask_about_dead() == 0
    with app_clock.freeze(start + timedelta(minutes=6)):
        gates.send_due_gate_messages(gate)
    assert (_ask_about_dead(), _ask_about_dead()) == (1, 0)
    case = db.session.scalars(select(Case)).one()
    assert (case.reason, message().given_up_at) == ("no_answer", None)
    platforms.delete("/faults")
    platforms.world.clock.offset_s += 720
    with app_clock.freeze(start + timedelta(minutes=12)):
        gates.send_due_gate_messages(gate)
    db.session.expire_all()
    assert (message().done_at is not None, heard(platforms)) == (True, 1)
    assert (case.outcome, case.owner_id, case.status) == ("settled_itself", None, "answered")
    assert _ask_about_dead() == 0


def test_the_question_says_when_nobody_tries_any_more(ground: Ground) -> None:
    tried = {"attempts": gate_messages.SILENT_AFTER_TRIES, "last_error": "platform_unavailable"}
    db.session.execute(update(GateMessage).values(**tried))
    assert _ask_about_dead() == 1
    db.session.execute(update(GateMessage).values(given_up_at=app_clock.now(), attempts=150))
    assert _ask_about_dead() == 0
    db.session.expire_all()
    case = db.session.scalars(select(Case)).one()
    assert (case.reason, case.facts["attempts"]) == ("given_up", 150)


def test_a_gate_that_is_still_tried_is_tried_at_once_when_people_say_so(ground: Ground) -> None:
    tried = {"attempts": gate_messages.SILENT_AFTER_TRIES, "last_error": "platform_unavailable"}
    later = app_clock.now() + timedelta(minutes=5)
    db.session.execute(update(GateMessage).values(due_at=later, **tried))
    _ask_about_dead()
    _answer(db.session.scalars(select(Case)).one(), "try_again")
    assert len(gate_messages.claim(now=app_clock.now(), limit=10)) == 1
    assert _ask_about_dead() == 0  # it has its tries again


def _ask_about_dead() -> int:
    return silent_gates.raise_cases(now=app_clock.now(), limit=9)


def _answer(case: Case, outcome: str) -> None:
    person = make_staff(Role.OPERATIONS, Place(mall_id=case.mall_id))
    by = Actor("staff", person.id, person.name)
    cases.take(case.id, by, now=app_clock.now())
    cases.answer(case.id, outcome, by, note="", now=app_clock.now())
