"""What gives growth: spending by the rules of its day, and the behaviour of days that are over, once each."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.tiers.growth import growth, rule_sets
from app.tiers.growth.errors import (
    GrowthRulesConflict,
    GrowthRulesInForce,
    GrowthRulesInvalid,
    GrowthRulesTooEarly,
)
from app.tiers.growth.models import GrowthEntry
from app.tiers.growth.rule_sets import DEFAULT, Rules
from app.timeline import events
from app.timeline.models import EventKind
from app.workers.tiers import behaviour
from tests.builders.identity import make_member, make_visitor
from tests.builders.malls import make_mall
from tests.builders.tasks import make_tiers
from tests.support.clock import StillClock

DAY = date(2026, 5, 10)


def at(day: date, hour: int = 10) -> datetime:
    return app_clock.start_of_day(day) + timedelta(hours=hour)


@pytest.fixture
def member(clock: StillClock) -> Member:
    clock.set(at(date(2026, 5, 1)))
    make_tiers()
    return make_member(make_mall())


def do(member: Member, kind: EventKind, when: datetime) -> None:
    number = f"{kind.value}{when.timestamp()}"
    fact = Fact("test", number)
    events.record(member.id, kind=kind, fact=fact, occurred_at=when, mall_id=member.home_mall_id, source="")


def given(member: Member) -> list[tuple[int, str, str]]:
    rows = select(GrowthEntry).where(GrowthEntry.member_id == member.id).order_by(GrowthEntry.id)
    return [(one.growth, one.reason_code, one.reason_facts["day"]) for one in db.session.scalars(rows)]


@pytest.mark.requirement("S0.33")
@pytest.mark.requirement("S1.11")
def test_visits_and_taking_part_give_growth_once_a_day_and_no_job_gives_it_twice(
    member: Member, clock: StillClock
) -> None:
    for hour in (10, 15):
        clock.set(at(DAY, hour))
        do(member, EventKind.VISITED, clock.now)
        do(member, EventKind.COUPON_CLAIMED, clock.now)
    visitor = make_visitor(make_mall())
    do(visitor, EventKind.VISITED, clock.now)
    assert behaviour.credit_days() == 0  # the day is not over
    clock.set(at(DAY + timedelta(days=1)))
    assert [behaviour.credit_days() for _ in range(2)] == [2, 0]
    assert given(member) == [(5, "growth_visit", "2026-05-10"), (1, "growth_interaction", "2026-05-10")]
    assert growth.value_of(visitor.id) == 0


def test_a_job_that_slept_catches_up_day_by_day(member: Member, clock: StillClock) -> None:
    clock.set(at(DAY))
    behaviour.credit_days()
    for days in range(3):
        clock.set(at(DAY + timedelta(days=days), 12))
        do(member, EventKind.VISITED, clock.now)
    clock.set(at(DAY + timedelta(days=5)))
    behaviour.credit_days()
    assert [day for _, _, day in given(member)] == ["2026-05-10", "2026-05-11", "2026-05-12"]


def test_what_is_told_late_counts_for_its_day_unless_it_is_history(member: Member, clock: StillClock) -> None:
    clock.set(at(DAY))
    behaviour.credit_days()
    do(member, EventKind.VISITED, at(DAY - timedelta(days=3)))
    do(member, EventKind.VISITED, at(DAY - timedelta(days=60)))
    clock.set(at(DAY + timedelta(days=1)))
    behaviour.credit_days()
    assert [day for _, _, day in given(member)] == ["2026-05-07"]


def test_rules_of_growth_hold_from_a_day_on(member: Member, clock: StillClock) -> None:
    today = app_clock.business_date(clock.now)
    double = replace(DEFAULT, spend_bps=15_000)
    with pytest.raises(GrowthRulesTooEarly):
        rule_sets.publish(double, effective_from=today, by="王", now=clock.now)
    with pytest.raises(GrowthRulesInvalid):
        rule_sets.publish(replace(DEFAULT, visit_growth=-1), effective_from=DAY, by="王", now=clock.now)
    version = rule_sets.publish(double, effective_from=DAY, by="王", now=clock.now)
    with pytest.raises(GrowthRulesConflict):
        rule_sets.publish(DEFAULT, effective_from=DAY, by="王", now=clock.now)
    assert rule_sets.in_force(DAY - timedelta(days=1)) == DEFAULT
    assert rule_sets.in_force(DAY).for_spend(19_999) == 299
    clock.set(at(DAY))
    with pytest.raises(GrowthRulesInForce):
        rule_sets.withdraw(version.id, now=clock.now)


def test_what_stays_of_a_purchase_in_parts_adds_up_to_the_whole() -> None:
    rules = Rules(spend_bps=12_345)
    kept = [28_613, 20_001, 7_777, 0]
    taken = [rules.for_spend(before) - rules.for_spend(after) for before, after in zip(kept, kept[1:], strict=False)]
    assert sum(taken) == rules.for_spend(28_613) and all(part >= 0 for part in taken)
