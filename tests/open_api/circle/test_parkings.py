"""WeChat Pay is told of cars of members who authorised the circle, and notices by itself who no longer does."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.access.audit import Actor
from app.access.models import Role
from app.cases import cases
from app.cases.models import Case
from app.circle import authorisations, parkings
from app.circle.models import CircleParking, State
from app.flows import parking
from app.flows.circle import parkings as lost
from app.flows.circle import standing as seats
from app.identity.models import Member
from app.kernel import outbox
from app.kernel.db import db
from app.wechat.pay.circle_client import AUTHORISATIONS, PARKINGS, CircleClient
from app.workers.circle import authorisations as checking
from app.workers.circle import parkings as telling
from tests.builders import parking as builders
from tests.builders.circle import MCHID, OPENID, authorise, authorised, make_circle
from tests.builders.identity import make_member
from tests.builders.parking import PLATE, Ground
from tests.builders.staff import make_staff
from tests.open_api.circle import standing
from tests.open_api.circle.standing import Standing
from tests.support.clock import StillClock


@pytest.fixture
def ground(clock: StillClock) -> Ground:
    ground = builders.make_ground()
    make_circle(ground.mall)
    return ground


@pytest.fixture
def driver(ground: Ground, platforms: Standing, clock: StillClock) -> Member:
    """A member with a plate, who authorised the circle."""
    member = make_member(ground.mall, openid=OPENID)
    parking.bind_plate(member.id, PLATE, now=clock.now)
    authorise(member, platforms.sandbox.world)
    return member


@pytest.fixture
def wire(platforms: Standing) -> CircleClient:
    return CircleClient(platforms.pay, platforms.sandbox.settings.wechat.mini_appid)


def told(platforms: Standing) -> list[tuple[str, str]]:
    rows = platforms.sandbox.world.store.all("SELECT plate, state FROM circle_parkings ORDER BY id")
    return [(row["plate"], row["state"]) for row in rows]


def queued() -> int:
    return len(db.session.scalars(select(CircleParking)).all())


def test_a_stay_is_told_at_both_ends_once(
    ground: Ground, driver: Member, platforms: Standing, wire: CircleClient, clock: StillClock
) -> None:
    ground.comes(event_id="in")
    ground.comes(event_id="in")
    clock.advance(minutes=20)
    ground.leaves()
    ground.leaves()
    assert (telling.tell_due_parkings(wire), told(platforms)) == (2, [(PLATE, "IN"), (PLATE, "OUT")])
    assert telling.tell_due_parkings(wire) == 0
    clock.advance(days=8)
    assert (parkings.sweep(now=clock.now), queued()) == (2, 0)


def test_a_car_that_is_held_late_reports_and_strangers_are_not_told(
    ground: Ground, driver: Member, platforms: Standing, clock: StillClock
) -> None:
    ground.comes(plate="沪B88888")
    ground.comes(minutes_ago=45)
    clock.advance(minutes=60)
    ground.leaves()
    assert queued() == 0


def test_who_has_not_authorised_or_is_in_a_mall_without_a_brand_is_not_told(
    ground: Ground, driver: Member, clock: StillClock
) -> None:
    make_circle(ground.mall, brand_id=None)
    ground.comes()
    make_circle(ground.mall)
    authorisations.note([driver.id], driver.id, mchid=MCHID, openid=OPENID, state=State.OFF, at=clock.now)
    ground.leaves()
    assert queued() == 0


def test_who_took_it_back_is_noticed_and_left_alone(
    ground: Ground, driver: Member, platforms: Standing, wire: CircleClient, clock: StillClock
) -> None:
    platforms.sandbox.world.store.write("UPDATE circle_cards SET state = 'DEAUTHORIZED', withdrawn_at = 0")
    ground.comes()
    telling.tell_due_parkings(wire)
    row = db.session.scalars(select(CircleParking)).one()
    assert (row.done_at, authorisations.find_state([driver.id], MCHID)) == (clock.now, State.OFF)


def test_what_cannot_be_told_for_an_hour_is_given_up_and_asked_about(
    ground: Ground, driver: Member, platforms: Standing, wire: CircleClient, clock: StillClock
) -> None:
    platforms.sandbox.fault("errcode", "pay", endpoint=PARKINGS, value="PARAM_ERROR", times=None)
    began = clock.now
    ground.comes()
    while telling.tell_due_parkings(wire) or not parkings.list_lost():
        clock.advance(minutes=5)
    platforms.sandbox.delete("/faults")
    assert clock.now - began < timedelta(hours=3)
    assert (lost.raise_cases(now=clock.now, limit=5), lost.raise_cases(now=clock.now, limit=5)) == (1, 0)
    case = db.session.scalars(select(Case)).one()
    assert (case.kind, case.facts["cars"], case.facts["error"]) == ("circle_parkings_lost", 1, "PARAM_ERROR")
    assert (case.mall_id, case.role) == (ground.mall.id, Role.OPERATIONS.value)
    assert outbox.count_dead(parkings.PARKINGS) == 1


@pytest.mark.parametrize(("outcome", "heard"), [("try_again", [(PLATE, "IN")]), ("looked_at", [])])
def test_lost_cars_are_told_again_when_somebody_says_so_or_let_be(
    ground: Ground,
    driver: Member,
    platforms: Standing,
    wire: CircleClient,
    clock: StillClock,
    outcome: str,
    heard: list[tuple[str, str]],
) -> None:
    ground.comes()
    before = told(platforms)
    db.session.execute(update(CircleParking).values(given_up_at=clock.now, last_error="PARAM_ERROR", attempts=13))
    assert telling.tell_due_parkings(wire) == 0
    lost.raise_cases(now=clock.now, limit=5)
    case, person = db.session.scalars(select(Case)).one(), make_staff(Role.OPERATIONS)
    by = Actor("staff", person.id, person.name)
    cases.take(case.id, by, now=clock.now)
    cases.answer(case.id, outcome, by, note="品牌已绑定", now=clock.now)
    telling.tell_due_parkings(wire)
    assert (told(platforms), outbox.count_dead(parkings.PARKINGS)) == (before + heard, 0)
    assert lost.raise_cases(now=clock.now, limit=5) == 0
    db.session.execute(update(CircleParking).values(given_up_at=clock.now, done_at=None))
    assert lost.raise_cases(now=clock.now, limit=5) == 1


def test_a_car_that_is_inside_is_told_of_once_its_driver_authorises(
    client: FlaskClient, ground: Ground, platforms: Standing, wire: CircleClient, clock: StillClock
) -> None:
    member = make_member(ground.mall, openid=OPENID)
    parking.bind_plate(member.id, PLATE, now=clock.now)
    parking.bind_plate(member.id, "沪B22222", now=clock.now)
    ground.comes(plate="沪B22222", minutes_ago=60 * 25)
    ground.comes()
    clock.advance(minutes=50)
    assert queued() == 0
    standing.told(client, platforms, authorised(mode="REGISTERED_MODE"))
    assert queued() == 0
    clock.advance(minutes=1)
    standing.told(client, platforms, authorised())
    row = db.session.scalars(select(CircleParking)).one()
    assert (row.way, row.plate, row.passed_at) == ("in", PLATE, clock.now - timedelta(minutes=51))
    ground.leaves()
    authorise(member, platforms.sandbox.world)
    clock.advance(minutes=1)
    standing.told(client, platforms, authorised())
    assert queued() == 1


def test_a_car_that_is_inside_is_told_of_once_we_hear_that_its_driver_authorises(
    ground: Ground, driver: Member, platforms: Standing, wire: CircleClient, clock: StillClock
) -> None:
    authorisations.note([driver.id], driver.id, mchid=MCHID, openid=OPENID, state=State.OFF, at=clock.now)
    ground.comes()
    looked = checking.look(wire, seats.find(driver.id, ground.mall.id, OPENID))
    assert (looked.state, queued()) == (State.ON, 1)


def test_a_car_that_is_inside_is_told_of_once_its_plate_is_bound(
    ground: Ground, driver: Member, clock: StillClock
) -> None:
    ground.comes(plate="沪B33333")
    assert queued() == 0
    parking.bind_plate(driver.id, "沪B33333", now=clock.now)
    assert queued() == 1


def test_those_of_whom_nothing_was_heard_for_a_week_are_asked_about(
    driver: Member, platforms: Standing, wire: CircleClient, clock: StillClock
) -> None:
    before = platforms.sandbox.calls(f"{AUTHORISATIONS}/{OPENID}")
    assert checking.check_old(wire, limit=5) == 0
    clock.advance(days=8)
    assert (checking.check_old(wire, limit=5), checking.check_old(wire, limit=5)) == (1, 0)
    assert platforms.sandbox.calls(f"{AUTHORISATIONS}/{OPENID}") - before == 1
    assert authorisations.find_state([driver.id], MCHID) is State.ON
