"""What gates report, in order and out of it."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from app.cases.models import Case
from app.flows import parking
from app.identity.models import Member, MemberIdentity
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.parking.car_parks.errors import CarParkUnknown, NoTariff
from app.parking.car_parks.models import ParkingTariff
from app.parking.sessions import queries, unread
from app.parking.sessions.errors import GateEventConflict
from app.parking.sessions.models import Direction, GateAction, GateEvent, ParkingSession
from app.timeline.models import EventKind, TimelineEvent
from tests.builders import parking as builders
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.builders.parking import PLATE, Ground
from tests.support.clock import StillClock

pytestmark = pytest.mark.usefixtures("clock")


def sessions() -> list[ParkingSession]:
    return list(db.session.scalars(select(ParkingSession).order_by(ParkingSession.entered_at, ParkingSession.id)))


def visits(member: Member) -> list[TimelineEvent]:
    return list(
        db.session.scalars(
            select(TimelineEvent).where(
                TimelineEvent.member_id == member.id, TimelineEvent.kind == EventKind.VISITED.value
            )
        )
    )


def test_an_entry_begins_a_stay_and_opens(ground: Ground) -> None:
    answer = ground.comes()
    assert (answer.action, answer.due_fen) == (GateAction.OPEN, 0)
    assert [(one.plate, one.member_id, one.exited_at) for one in sessions()] == [(PLATE, None, None)]


@pytest.mark.requirement("S0.47", "S3.3")
def test_an_entry_of_a_bound_plate_is_a_visit_of_its_member(ground: Ground) -> None:
    member = builders.make_driver(ground)
    answer = ground.comes(minutes_ago=3)
    (visit,) = visits(member)
    assert answer.session.member_id == member.id
    assert (visit.mall_id, visit.store_id, visit.source) == (ground.mall.id, ground.store.id, "gate")
    assert visit.occurred_at == app_clock.now() - timedelta(minutes=3)


def test_the_same_event_again_gets_the_same_answer_and_does_nothing(ground: Ground) -> None:
    member = builders.make_driver(ground)
    ground.comes(minutes_ago=100, event_id="in-1")
    first = ground.leaves(event_id="out-1")
    again = ground.leaves(event_id="out-1")
    ground.comes(minutes_ago=100, event_id="in-1")
    assert (again.session.id, again.action, again.due_fen) == (first.session.id, GateAction.HOLD, 1_200)
    assert len(sessions()) == len(visits(member)) == 1


def test_a_held_answer_stays_the_same_even_after_paying(ground: Ground) -> None:
    member = builders.make_driver(ground, coupons=(120,))
    ground.comes(minutes_ago=100)
    ground.leaves(event_id="out-1")
    pay_all(member)
    assert ground.leaves(event_id="out-1").action is GateAction.HOLD
    assert ground.leaves(event_id="out-2").action is GateAction.OPEN


def pay_all(member: Member) -> None:
    """Pay the member's only stay as proposed."""
    now = app_clock.now()
    (parked,) = queries.list_parked(member.id)
    offer = parking.quote_stay(member.id, parked.session.public_id, now=now)
    wish = parking.PaymentChoice(
        offer.quote.public_id, [cover.coupon_id for cover in offer.proposal.coupons], offer.proposal.points
    )
    parking.begin_payment(member.id, parked.session.public_id, wish, payer=None, now=now)


def test_an_event_id_used_for_another_event_is_refused(ground: Ground) -> None:
    ground.comes(event_id="in-1")
    with pytest.raises(GateEventConflict):
        ground.comes(event_id="in-1", plate="沪B88888")


def test_two_car_parks_may_use_the_same_event_ids(ground: Ground) -> None:
    other = builders.make_ground()
    ground.comes(event_id="in-1")
    other.comes(event_id="in-1")
    assert len(sessions()) == 2


def test_a_car_within_the_free_time_goes_out(ground: Ground) -> None:
    ground.comes(minutes_ago=30)
    answer = ground.leaves()
    assert answer.action is GateAction.OPEN
    assert answer.session.exited_at == app_clock.now()


def test_an_unpaid_car_is_held_with_what_it_owes(ground: Ground) -> None:
    ground.comes(minutes_ago=130)
    answer = ground.leaves()
    assert (answer.action, answer.due_fen) == (GateAction.HOLD, 1_800)
    assert answer.session.exited_at is None


def test_what_is_due_counts_to_the_moment_at_the_barrier_not_to_the_arrival_of_the_report(ground: Ground) -> None:
    ground.comes(minutes_ago=130)
    assert ground.leaves(minutes_ago=70).due_fen == 600


def test_a_second_camera_of_the_same_entrance_is_the_same_passage(ground: Ground) -> None:
    first, second = ground.comes(minutes_ago=60), ground.comes(minutes_ago=59)
    assert second.session.id == first.session.id
    assert len(sessions()) == 1


def test_a_second_camera_of_the_same_exit_is_the_same_passage(ground: Ground) -> None:
    ground.comes(minutes_ago=20)
    first, second = ground.leaves(minutes_ago=1), ground.leaves()
    assert second.session.id == first.session.id
    assert second.action is GateAction.OPEN


def test_a_second_entry_closes_the_stay_whose_exit_was_missed(ground: Ground) -> None:
    ground.comes(minutes_ago=300)
    ground.comes(minutes_ago=10)
    old, new = sessions()
    assert (old.note, old.exited_at) == ("exit_missed", new.entered_at)
    assert (new.note, new.exited_at) == (None, None)


def test_the_missed_exit_may_still_come(ground: Ground) -> None:
    ground.comes(minutes_ago=300)
    ground.comes(minutes_ago=10)
    answer = ground.leaves(minutes_ago=200)
    old, new = sessions()
    assert (answer.session.id, answer.action) == (old.id, GateAction.OPEN)
    assert (old.note, old.exited_at) == ("exit_late", app_clock.now() - timedelta(minutes=200))
    assert new.exited_at is None


def test_an_exit_without_an_entry_opens_with_a_note(ground: Ground) -> None:
    answer = ground.leaves()
    assert (answer.action, answer.due_fen, answer.session.note) == (GateAction.OPEN, 0, "entry_missed")
    assert answer.session.exited_at == answer.session.entered_at


def test_an_entry_that_comes_after_its_exit_completes_the_stay(ground: Ground) -> None:
    member = builders.make_driver(ground)
    ground.leaves(minutes_ago=5)
    ground.comes(minutes_ago=95)
    (session,) = sessions()
    assert session.note == "entry_late"
    assert session.entered_at == app_clock.now() - timedelta(minutes=95)
    assert session.exited_at == app_clock.now() - timedelta(minutes=5)
    assert [visit.occurred_at for visit in visits(member)] == [session.entered_at]


def test_an_older_entry_reported_late_leaves_the_present_stay_alone(ground: Ground) -> None:
    ground.comes(minutes_ago=10)
    ground.comes(minutes_ago=300)
    old, new = sessions()
    assert (old.note, old.exited_at) == ("exit_missed", new.entered_at)
    assert new.exited_at is None


def test_everything_of_one_stay_in_reverse_and_twice_is_still_one_stay(ground: Ground) -> None:
    for _ in range(2):
        ground.leaves(minutes_ago=5, event_id="out")
        ground.comes(minutes_ago=25, event_id="in")
    assert len(sessions()) == 1


def test_the_gate_of_another_mall_knows_nothing_of_this_car_park(ground: Ground) -> None:
    passage = parking.GateReport(
        event_id="e1",
        car_park_code=ground.car_park.code,
        lane="1",
        plate=PLATE,
        direction=Direction.IN,
        occurred_at=app_clock.now(),
    )
    with pytest.raises(CarParkUnknown):
        parking.record_gate_report(passage, mall_id=make_mall().id, now=app_clock.now())


def test_a_car_park_without_a_tariff_says_so(ground: Ground) -> None:
    db.session.query(ParkingTariff).delete()
    with pytest.raises(NoTariff):
        ground.comes()


def test_a_new_tariff_holds_for_cars_that_come_later(ground: Ground) -> None:
    ground.comes(minutes_ago=100)
    dear = builders.Tariff(free_minutes=0, step_minutes=60, step_fen=2_000, daily_cap_fen=9_000, exit_grace_minutes=5)
    builders.tariffs.set_tariff(ground.car_park.id, dear, effective_from=app_clock.now() - timedelta(minutes=50))
    ground.comes(minutes_ago=40, plate="沪B88888")
    assert ground.leaves().due_fen == 1_200
    assert ground.leaves(plate="沪B88888").due_fen == 2_000


def test_a_plate_bound_later_takes_over_the_open_stay_as_a_visit(ground: Ground) -> None:
    ground.comes(minutes_ago=45)
    member = make_member(ground.mall)
    parking.bind_plate(member.id, PLATE, now=app_clock.now())
    (session,) = sessions()
    assert session.member_id == member.id
    assert [visit.occurred_at for visit in visits(member)] == [session.entered_at]


@pytest.mark.parametrize("length", [20, 45])
def test_a_stay_that_slipped_past_the_binding_is_found_all_the_same(ground: Ground, length: int) -> None:
    member = builders.make_driver(ground)
    session = ground.comes(minutes_ago=length).session
    db.session.execute(delete(TimelineEvent))
    session.member_id = None  # as when the car came in while the plate was being bound
    db.session.flush()
    assert [parked.session.id for parked in queries.list_parked(member.id)] == [session.id]
    ground.leaves()
    assert [visit.occurred_at for visit in visits(member)] == [session.entered_at]


def test_an_unbound_plate_takes_its_open_stay_along(ground: Ground) -> None:
    member = builders.make_driver(ground)
    ground.comes(minutes_ago=45)
    parking.unbind_plate(member.id, PLATE, now=app_clock.now())
    assert queries.list_parked(member.id) == []


def test_every_report_is_kept(ground: Ground) -> None:
    ground.comes(minutes_ago=45)
    ground.leaves()
    ground.leaves()
    assert db.session.scalar(select(func.count()).select_from(GateEvent)) == 3


def test_the_same_junk_of_two_cars_ends_nobodys_stay(ground: Ground) -> None:
    known = ground.comes(minutes_ago=120).session
    first = ground.comes(minutes_ago=100, plate="C00D")
    second = ground.comes(minutes_ago=90, plate="C00D")
    left = ground.leaves(plate="C00D")
    assert len({known.id, first.session.id, second.session.id, left.session.id}) == 4
    assert {one.action for one in (first, second, left)} == {GateAction.OPEN}
    apart = [one for one in sessions() if one.plate == "C00D"]
    assert {(one.note, one.member_id, one.exited_at == one.entered_at) for one in apart} == {
        ("plate_unread", None, True)
    }
    db.session.refresh(known)
    assert (known.exited_at, known.note) == (None, None)
    assert ground.leaves().session.id == known.id


def test_a_repeated_report_of_junk_is_one_report(ground: Ground) -> None:
    first, again = (ground.comes(plate="C00D", event_id="in-1") for _ in range(2))
    assert (again.session.id, len(sessions())) == (first.session.id, 1)


def test_a_plate_that_was_bound_by_older_rules_is_still_its_members(ground: Ground) -> None:
    member, old = builders.make_driver(ground, plate=None), "沪A1B2C3D4"
    db.session.add(MemberIdentity(kind="plate", value=old, member_id=member.id, bound_at=app_clock.now()))
    db.session.flush()
    came = ground.comes(minutes_ago=10, plate=old)
    assert (came.session.member_id, ground.leaves(plate=old).session.id) == (member.id, came.session.id)


def test_a_day_of_unread_plates_is_one_question(ground: Ground, clock: StillClock) -> None:
    for minutes in (10, 20):
        ground.comes(minutes_ago=minutes, plate="C00D")
    assert [unread.raise_cases(now=clock.now, limit=10) for _ in range(2)] == [1, 0]
    (case,) = db.session.scalars(select(Case))
    assert (case.kind, case.mall_id, case.role) == ("plates_unread", ground.mall.id, "operations")
    assert case.facts == {"car_park": "地下停车场", "day": "2026-03-11"}
    ground.comes(plate="京A12345")
    clock.advance(days=1)
    assert unread.raise_cases(now=clock.now, limit=10) == 0
    ground.leaves(plate="?")
    assert unread.raise_cases(now=clock.now, limit=10) == 1
