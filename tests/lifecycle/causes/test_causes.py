"""Silences found, judged, corrected and over."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.access.audit import Actor
from app.flows.care import Carer, open_case
from app.flows.members import leaving
from app.flows.privacy import own_data, profiling
from app.identity.models import Member
from app.kernel.db import db
from app.kernel.facts import Fact
from app.lifecycle.causes import causes, queries, wording
from app.lifecycle.causes.errors import NotSilent
from app.lifecycle.causes.models import SleepCause
from app.lifecycle.causes.rules import Cause
from app.malls.models import Store
from app.timeline import events
from app.timeline.models import EventKind
from app.workers.predictions import judging
from tests.builders.buying import at, buy
from tests.builders.cases import merge
from tests.builders.identity import make_member
from tests.builders.malls import make_store
from tests.support.clock import StillClock

TODAY = date(2026, 3, 11)
YESTERDAY = TODAY - timedelta(days=1)
LAST = YESTERDAY - timedelta(days=90)


@pytest.fixture
def store() -> Store:
    return make_store()


@pytest.fixture(autouse=True)
def _today(clock: StillClock) -> None:
    """It is ten in the morning of the eleventh."""


def note(member: Member, kind: EventKind, day: date, store: Store, *, source: str = "") -> None:
    fact, mall_id = Fact("test", kind, day), store.mall_id
    events.record(
        member.id, kind=kind, fact=fact, occurred_at=at(day), mall_id=mall_id, store_id=store.id, source=source
    )


def come(member: Member, store: Store, *days: date) -> None:
    for day in days:
        buy(member, store, at(day), 5_000)
        note(member, EventKind.PURCHASED, day, store)


def disappoint(store: Store, member: Member | None = None) -> Member:
    """Somebody whose last purchase was given back, ninety days before the end of yesterday."""
    member = member or make_member()
    come(member, store, LAST)
    bought = buy(member, store, at(LAST, 13), 7_000)
    buy(member, store, at(LAST + timedelta(days=3)), -7_000, refund_of=bought)
    return member


def test_who_stays_away_for_ninety_days_is_judged_with_evidence(store: Store) -> None:
    silent, recent = disappoint(store), make_member()
    come(recent, store, LAST + timedelta(days=1))

    assert judging.judge_silences() == judging.Judged(1, 0)

    found = queries.find_cause(silent.id)
    assert found is not None
    assert (found.cause, found.judged.silent_since, found.judged.judged_on) == (Cause.EXPERIENCE, LAST, YESTERDAY)
    assert found.judged.confidence_bps > 4_000
    assert [wording.tell_sign(one) for one in found.judged.evidence] == ["沉睡前后 30 天内 2 笔消费、1 笔退款"]
    assert queries.find_cause(recent.id) is None
    assert judging.judge_silences() == judging.Judged(0, 0)


@pytest.mark.parametrize(("source", "cause"), [("clerk", Cause.PRICE), ("parking", Cause.UNKNOWN)])
def test_a_coupon_counts_for_price_where_something_was_bought_with_it(store: Store, source: str, cause: Cause) -> None:
    member = make_member()
    days = [LAST - timedelta(days=10 * weeks) for weeks in range(4)]
    come(member, store, *days)
    for day in days:
        note(member, EventKind.COUPON_REDEEMED, day, store, source=source)

    judging.judge_silences()

    found = queries.find_cause(member.id)
    assert found is not None and found.cause == cause


def test_a_request_to_put_something_right_counts(store: Store, clock: StillClock) -> None:
    member = make_member()
    come(member, store, LAST)
    clock.set(at(LAST + timedelta(days=2)))
    open_case(member.id, Carer(staff_id=1, name="王芳", mall_id=store.mall_id, note="投诉"), now=clock.now)
    clock.set(at(TODAY))

    judging.judge_silences()

    found = queries.find_cause(member.id)
    assert found is not None
    assert [one["code"] for one in found.judged.evidence] == ["complained"]


def test_a_person_knows_better_until_the_member_comes_back(store: Store, clock: StillClock) -> None:
    member, person = disappoint(store), Actor("staff", 7, "王芳")
    with pytest.raises(NotSilent):
        causes.correct(member.id, Cause.SCENE, person, note="已搬家", now=clock.now)
    judging.judge_silences()

    causes.correct(member.id, Cause.PRICE, person, note="", now=clock.now)
    causes.correct(member.id, Cause.SCENE, person, note="已搬家", now=clock.now)

    found = queries.find_cause(member.id)
    assert found is not None
    assert (found.cause, found.judged.cause) == (Cause.SCENE, Cause.EXPERIENCE)
    assert [(one.staff_name, one.note) for one in found.corrections] == [("王芳", "已搬家"), ("王芳", "")]
    assert queries.count_causes() == dict.fromkeys(Cause, 0) | {Cause.SCENE: 1}
    judging.judge_silences()
    assert queries.find_cause(member.id) is not None

    come(member, store, YESTERDAY)
    assert judging.judge_silences() == judging.Judged(0, 1)
    assert queries.find_cause(member.id) is None

    clock.advance(days=91)
    judging.judge_silences()
    again = queries.find_cause(member.id)
    assert again is not None
    assert (again.corrections, again.judged.corrected_cause, again.judged.silent_since) == ([], None, YESTERDAY)


def test_a_merged_members_acts_are_the_survivors(store: Store, clock: StillClock) -> None:
    first = make_member()
    clock.advance(hours=1)
    second = disappoint(store)
    merge(first, second)

    judging.judge_silences()

    assert [row.member_id for row in db.session.scalars(select(SleepCause))] == [first.id]
    found = queries.find_cause(first.id)
    assert found is not None
    assert found.cause == Cause.EXPERIENCE


def test_nothing_is_concluded_about_who_left_or_wants_none_of_it(store: Store, clock: StillClock) -> None:
    gone, closed, later = disappoint(store), disappoint(store), disappoint(store)
    profiling.stop_profiling(closed.id, now=clock.now)
    assert judging.judge_silences() == judging.Judged(2, 0)
    causes.correct(gone.id, Cause.SCENE, Actor("staff", 7, "王芳"), note="已搬家", now=clock.now)
    assert len(list(db.session.execute(own_data.SECTIONS["sleep_causes"]([gone.id])))) == 1
    assert len(list(db.session.execute(own_data.SECTIONS["sleep_cause_corrections"]([gone.id])))) == 1

    leaving.let_member_leave(gone.id, told=leaving.preview_leaving(gone.id, now=clock.now).cost, now=clock.now)
    profiling.stop_profiling(later.id, now=clock.now)

    assert db.session.scalars(select(SleepCause)).all() == []
    assert list(db.session.execute(own_data.SECTIONS["sleep_cause_corrections"]([gone.id]))) == []
