"""Rehearsing a ladder page by page: nobody is counted twice, whoever works on it, and what was counted stays."""

from datetime import date, datetime, timedelta

import pytest

from app.benefits.tier_benefits import benefits
from app.benefits.tier_benefits.rules import Benefits, TierGives
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel import outbox
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.reasons import note
from app.kernel.runs import inquiries
from app.kernel.runs.inquiries import Asker
from app.malls import queries as malls
from app.parking.car_parks import tariffs
from app.parking.sessions import bulk
from app.parking.sessions.bulk import Stay
from app.tiers import crediting
from app.tiers.ladders import ladders
from app.tiers.ladders.models import TierLadder
from app.tiers.ladders.rules import AtEnd, Ladder, Rung
from app.tiers.rehearsals import rehearsals
from app.tiers.rehearsals.counting import Group, Parking, merged
from app.tiers.rehearsals.errors import LadderNotRehearsed, TooManyTierRehearsals
from app.tiers.rehearsals.models import TierRehearsal
from app.workers.inquiries import answering
from app.workers.tiers import rehearsing as worker
from tests.builders import parking
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.support.clock import StillClock

RUNGS = (Rung("silver", "银卡", 0), Rung("gold", "金卡", 2_000), Rung("platinum", "铂金卡", 10_000))


def at(day: date) -> datetime:
    return app_clock.start_of_day(day) + timedelta(hours=10)


@pytest.fixture
def members(clock: StillClock) -> list[Member]:
    """On silver, gold and platinum; the last has got nothing in the last year."""
    clock.set(at(date(2026, 3, 1)))
    ladders.begin_with(Ladder(RUNGS), now=clock.now)
    mall = make_mall()
    found = [make_member(mall) for _ in range(4)]
    for member, growth, months in zip(found, (500, 2_500, 12_000, 3_000), (11, 11, 11, 0), strict=True):
        when = at(date(2026, 3, 1) + timedelta(days=30 * months))
        crediting.credit(member.id, growth=growth, reason=note("试"), fact=Fact("test"), now=when)
    clock.set(at(date(2027, 6, 1)))
    return found


def asker() -> Asker:
    """Somebody of the first mall."""
    return Asker(staff_id=1, name="王", mall_id=malls.list_malls()[0].id)


def test_members_rise_on_the_first_day_and_fall_in_the_end_only(
    members: list[Member], clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsals, "PAGE", 3)
    rungs = (RUNGS[0], Rung("gold", "金卡", 400), Rung("platinum", "铂金卡", 20_000))
    yearly = Ladder(rungs, 12, AtEnd.BY_GROWTH)
    asked = rehearsals.ask(yearly, by=asker(), now=clock.now)
    while answering.work_next(worker.STEPS):
        pass
    found = rehearsals.get(asked.mall_id, asked.public_id)
    moves = {(one.now, one.first, one.last): (one.members, one.growth) for one in rehearsals.groups_of(found)}
    assert moves == {
        ("silver", "gold", "gold"): (1, 500),
        ("gold", "gold", "gold"): (1, 2_500),
        ("platinum", "platinum", "gold"): (1, 12_000),
        ("gold", "gold", "silver"): (1, 0),
    }
    assert (found.counted, found.members, found.done_at is not None) == (4, 4, True)


def _left(ground: parking.Ground, moments: dict[int, list[datetime]]) -> None:
    """Stays of 150 minutes that ended at these moments, by member."""
    tariff = tariffs.get_tariff(ground.car_park, at=app_clock.now())
    spans = [
        Stay(f"沪A0000{member_id}", member_id, left - timedelta(minutes=150), left)
        for member_id, lefts in moments.items()
        for left in lefts
    ]
    bulk.record(ground.car_park, [(one, tariff.id) for one in spans])


def test_past_stays_of_who_moves_are_priced_with_the_minutes_of_both_tiers(
    clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 6 yuan an hour a stay of 150 minutes costs 18: gold's hour takes 6 off it, platinum's three hours all."""
    monkeypatch.setattr(rehearsals, "PAGE", 2)
    clock.set(at(date(2027, 1, 1)))
    ladders.begin_with(Ladder(RUNGS), now=clock.now)
    ground = parking.make_ground()
    gives = Benefits({"gold": TierGives(parking_minutes=60), "platinum": TierGives(parking_minutes=180)})
    benefits.open_with(ground.mall.id, gives, effective_from=date(2027, 1, 1), by="王", now=clock.now)
    rising, falling, staying = (make_member(ground.mall) for _ in range(3))
    for member, growth in ((rising, 9_000), (falling, 3_000), (staying, 500)):
        crediting.credit(member.id, growth=growth, reason=note("试"), fact=Fact("test"), now=clock.now)
    clock.advance(days=100)
    today = app_clock.start_of_day(app_clock.business_date(clock.now))
    of_days = {rising: (1, 89, 90, 91), falling: (2,), staying: (1,)}
    _left(ground, {one.id: [today - timedelta(days=day) for day in days] for one, days in of_days.items()})
    steeper = (RUNGS[0], Rung("gold", "金卡", 4_000), Rung("platinum", "铂金卡", 8_000))
    asked = rehearsals.ask(Ladder(steeper, 12, AtEnd.BY_GROWTH), by=asker(), now=clock.now)
    answering.work_at_once(worker.STEPS, asked.public_id, seconds=60)
    found = rehearsals.parking_of(rehearsals.get(asked.mall_id, asked.public_id))
    first = (3, 1_800, 5_400, 5_400)  # rises; of its stays one was longer ago
    last = (1, 600, 600, 0)  # keeps gold until the end
    together = [one + other for one, other in zip(first, last, strict=True)]
    assert found == [Parking(ground.mall.id, *together)]


def test_the_ladder_in_force_lifts_nobody_whose_period_has_just_ended(clock: StillClock) -> None:
    clock.set(at(date(2026, 3, 1)))
    yearly = Ladder(RUNGS, 12, AtEnd.ONE_DOWN)
    ladders.begin_with(yearly, now=clock.now)
    fallen = make_member(make_mall())
    crediting.credit(fallen.id, growth=2_500, reason=note("试"), fact=Fact("test"), now=clock.now)
    clock.set(at(date(2027, 3, 1)))
    asked = rehearsals.ask(yearly, by=asker(), now=clock.now)
    answering.work_at_once(worker.STEPS, asked.public_id, seconds=60)
    (group,) = rehearsals.groups_of(rehearsals.get(asked.mall_id, asked.public_id))
    assert (group.now, group.first, group.last, group.growth) == ("silver", "silver", "silver", 2_500)


def test_a_page_that_another_worker_has_counted_counts_once(members: list[Member], clock: StillClock) -> None:
    asked = rehearsals.ask(Ladder(RUNGS, 12, AtEnd.ONE_DOWN), by=asker(), now=clock.now)
    claimed = inquiries.claim_due(rehearsals.REHEARSALS, now=clock.now)
    assert claimed is not None
    claim, page = outbox.claim_of(claimed), rehearsals.count_next(claimed, now=clock.now)
    slow = TierRehearsal(reached_id=claimed.reached_id, counted=claimed.counted, result=claimed.result)
    assert rehearsals.keep(claim, claimed, page, now=clock.now)
    assert not rehearsals.keep(claim, slow, page, now=clock.now)
    db.session.expire_all()
    assert sum(one.members for one in rehearsals.groups_of(rehearsals.get(asked.mall_id, asked.public_id))) == 4


def test_a_ladder_holds_only_when_its_rehearsal_is_whole(members: list[Member], clock: StillClock) -> None:
    asked, day = rehearsals.ask(Ladder(RUNGS, 12, AtEnd.ONE_DOWN), by=asker(), now=clock.now), date(2027, 6, 2)
    with pytest.raises(LadderNotRehearsed):
        publish(asked, day)
    assert ladders.in_force(day) == Ladder(RUNGS)
    answering.work_at_once(worker.STEPS, asked.public_id, seconds=60)
    publish(asked, day)
    assert ladders.in_force(day) == Ladder(RUNGS, 12, AtEnd.ONE_DOWN)


def publish(asked: TierRehearsal, day: date) -> TierLadder:
    now = app_clock.now()
    return rehearsals.publish(asked.mall_id, asked.public_id, effective_from=day, by="王", now=now)


def test_each_ladder_keeps_the_rehearsal_it_was_published_after(members: list[Member], clock: StillClock) -> None:
    yearly, days = Ladder(RUNGS, 12, AtEnd.ONE_DOWN), (date(2027, 7, 1), date(2027, 8, 1))
    asked, other = (rehearsals.ask(yearly, by=asker(), now=clock.now) for _ in range(2))
    for one in (asked, other):
        answering.work_at_once(worker.STEPS, one.public_id, seconds=60)
    first, second = (publish(asked, day).id for day in days)
    assert publish(other, days[0]).id == first
    clock.advance(days=inquiries.KEPT_FOR.days - 1)
    assert rehearsals.sweep(now=clock.now) == 0
    ladders.withdraw(second, now=clock.now)
    clock.advance(days=2)
    assert rehearsals.sweep(now=clock.now) == 1
    assert {one: found.id for one, found in rehearsals.list_of([first, second]).items()} == {first: asked.id}


def test_nobody_asks_for_more_than_a_few_at_once(members: list[Member], clock: StillClock) -> None:
    for months in (1, 2, 3):
        rehearsals.ask(Ladder(RUNGS, months, AtEnd.ONE_DOWN), by=asker(), now=clock.now)
    with pytest.raises(TooManyTierRehearsals):
        rehearsals.ask(Ladder(RUNGS, 4, AtEnd.ONE_DOWN), by=asker(), now=clock.now)


def test_groups_of_two_pages_add_up() -> None:
    one, other = Group(1, "a", "b", "b", 2, 20), Group(1, "a", "b", "b", 3, 5)
    assert merged([list(one)], [other, Group(1, "a", "a", "a", 1, 0)]) == [
        Group(1, "a", "a", "a", 1, 0),
        Group(1, "a", "b", "b", 5, 25),
    ]
