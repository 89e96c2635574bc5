"""Several runners at the same night: one does it, the others find it done; a night that dies leaves nothing."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from app.access import audit
from app.flows.members import merging
from app.insights.questions import stages
from app.kernel import clock
from app.kernel.db import atomic, db
from app.lifecycle.rules.rule_sets import InForce
from app.lifecycle.stages import acts, day_flows, nights
from app.lifecycle.stages.models import LifecycleNight, MemberStage, Stage, StageChange
from app.workers.lifecycle import night_runs
from tests.builders.identity import make_member, make_visitor
from tests.builders.malls import make_mall
from tests.support.races import interleave, race

RUNNERS = 4


def counted(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def visitors(committed_db: scoped_session[Session]) -> int:
    """Some people who were seen two days ago."""
    with atomic(), clock.freeze(clock.now() - timedelta(days=2)):
        for _ in range(3):
            make_visitor()
    return 3


def test_one_of_many_runners_does_the_night(committed_app: Flask, visitors: int) -> None:
    results = race(committed_app, [lambda: night_runs.run_nights(now=clock.now())] * RUNNERS)
    assert sorted(len(done) for done in results) == [0] * (RUNNERS - 1) + [1]
    assert (counted(LifecycleNight), counted(MemberStage), counted(StageChange)) == (1, visitors, visitors)


def test_without_the_night_s_row_several_do_it_and_get_in_each_other_s_way(
    committed_app: Flask, visitors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: everybody begins a night of their own."""

    def begin(day: date, rules: InForce, *, now: datetime) -> LifecycleNight:
        return LifecycleNight(id=1, day=day, is_full=True, members=0, changes=0, started_at=now)

    monkeypatch.setattr(nights, "_begin", begin)
    results = race(committed_app, [lambda: night_runs.run_nights(now=clock.now())] * RUNNERS)
    assert sum(isinstance(one, IntegrityError) or len(one) == 1 for one in results) > 1


def test_a_night_that_dies_before_its_end_leaves_nothing_and_is_done_by_the_next(
    committed_app: Flask, visitors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(day_flows, "add", lambda first, last: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            night_runs.run_nights(now=clock.now())
    assert (counted(LifecycleNight), counted(MemberStage), counted(StageChange)) == (0, 0, 0)
    assert len(night_runs.run_nights(now=clock.now())) == 1
    assert (counted(LifecycleNight), counted(MemberStage), counted(StageChange)) == (1, visitors, visitors)


def joins_and_leaves_while_a_night_adds(app: Flask) -> list[dict[Stage, int]]:
    """How many stood where at the end of the day before somebody joined, and of that day; they leave a day later."""
    now = clock.now()
    today = clock.business_date(now)
    day = today - timedelta(days=1)
    with atomic():
        mall = make_mall()
        mall_id, member_id = mall.id, make_member(mall).id
        acts.join([member_id], day=day)
    night, leaving = (lambda: nights.run(day, now=now)), (lambda: day_flows.leave([member_id], day=today))
    interleave(app, night, leaving)
    return [stages.count_on(mall_id, one) for one in (day - timedelta(days=1), day, today)]


def test_who_leaves_while_a_night_adds_their_day_is_added_once(committed_app: Flask) -> None:
    found = joins_and_leaves_while_a_night_adds(committed_app)
    assert [one[Stage.NEW] for one in found] == [0, 1, 0]


def test_without_the_lock_who_leaves_while_a_night_adds_their_day_is_added_twice(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: neither waits for the other."""
    monkeypatch.setattr(day_flows, "_wait_for_leavers", lambda: None)
    found = joins_and_leaves_while_a_night_adds(committed_app)
    assert [one[Stage.NEW] for one in found] != [0, 1, 0]


def parted_while_a_night_adds(app: Flask) -> list[int]:
    """How many stood as new before two members came, on the day they came and were taken for one, and on the next, on
    which they are two again."""
    now = clock.now()
    today = clock.business_date(now)
    day = today - timedelta(days=1)
    with atomic(), clock.freeze(now - timedelta(days=1)):
        mall = make_mall()
        mall_id, older, younger = mall.id, make_member(mall), make_member(mall)
        acts.join([older.id, younger.id], day=day)
        merge_id = merging.merge_members(older.id, younger.id, now=clock.now())
    assert merge_id is not None
    parting = partial(merging.undo_merge, merge_id, actor=audit.SYSTEM, now=now)
    interleave(app, lambda: nights.run(day, now=now), parting)
    return [stages.count_on(mall_id, one)[Stage.NEW] for one in (day - timedelta(days=1), day, today)]


def test_who_is_parted_while_a_night_adds_their_end_never_ended(committed_app: Flask) -> None:
    assert parted_while_a_night_adds(committed_app) == [0, 2, 2]


def test_without_the_lock_who_is_parted_while_a_night_adds_their_end_is_summed_as_gone(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: neither waits for the other."""
    monkeypatch.setattr(day_flows, "_wait_for_leavers", lambda: None)
    assert parted_while_a_night_adds(committed_app) != [0, 2, 2]
