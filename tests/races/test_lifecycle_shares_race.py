"""A night in shares: done once however many begin it, by nobody where one share fails, and never late."""

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from app.kernel import clock
from app.kernel.db import atomic, db
from app.kernel.errors import Busy
from app.lifecycle.rules import rule_sets
from app.lifecycle.stages import day_flows, nights, standings
from app.lifecycle.stages.errors import LaterNightDone
from app.lifecycle.stages.models import LifecycleNight, LifecycleShare, MemberStage, StageChange, StageFlow
from app.lifecycle.stages.shares import taking
from app.lifecycle.stages.shares.taking import Share
from app.workers.lifecycle import night_runs
from jobs.beside import open_beside
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.support.races import interleave, race

RUNNERS = 3
MEMBERS = 4
HALVES = (Share(1, 0, 3), Share(2, 3, None))
NO_NIGHT = 0


def counted(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def day(committed_db: scoped_session[Session], monkeypatch: pytest.MonkeyPatch) -> date:
    """The last day that is over, on which all fall asleep who have joined; they are two to a share."""
    last = nights.last_over(clock.now())
    with atomic(), clock.freeze(clock.start_of_day(last - timedelta(days=rule_sets.DEFAULT.silent_days))):
        mall = make_mall()
        for _ in range(MEMBERS):
            make_member(mall)
    night_runs.run_nights(until=last - timedelta(days=1), now=clock.now())
    monkeypatch.setattr(taking, "LEAST_MEMBERS", 1)
    return last


def kept() -> tuple[int, ...]:
    """Nights, members who stand somewhere, changes, and what is begun in taking."""
    return tuple(map(counted, (LifecycleNight, MemberStage, StageChange, LifecycleShare)))


def test_of_many_runners_one_does_the_night_and_each_share_once(committed_app: Flask, day: date) -> None:
    results = race(committed_app, [lambda: night_runs.run_nights(now=clock.now(), beside=open_beside)] * RUNNERS)
    assert sorted(len(done) for done in results) == [0] * (RUNNERS - 1) + [1]
    assert kept() == (2, MEMBERS, 2 * MEMBERS, 0)
    assert db.session.scalars(select(LifecycleNight.is_full).order_by(LifecycleNight.day)).all() == [True, False]


def test_where_the_last_share_fails_none_is_kept_and_the_next_run_does_all(
    committed_app: Flask, day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    move, left = standings.move, itertools.count(1)

    def move_and_fail(*given: Any, **more: Any) -> int:
        moved = move(*given, **more)
        return moved if next(left) < 2 else 1 // 0

    with monkeypatch.context() as failing:
        failing.setattr(standings, "move", move_and_fail)
        with pytest.raises(ZeroDivisionError):
            night_runs.run_nights(now=clock.now(), beside=open_beside)
    assert next(left) == 3 and kept() == (1, MEMBERS, MEMBERS, 2)
    assert len(night_runs.run_nights(now=clock.now(), beside=open_beside)) == 1
    assert kept() == (2, MEMBERS, 2 * MEMBERS, 0)


def test_the_day_before_one_that_is_begun_cannot_be_counted_anew(committed_app: Flask, day: date) -> None:
    begin(day)
    with atomic(), pytest.raises(LaterNightDone) as refused:
        nights.run_again(day - timedelta(days=1), now=clock.now())
    assert refused.value.facts == {"day": day}


def test_who_goes_on_with_a_day_waits_for_the_share_of_somebody_who_died(committed_app: Flask, day: date) -> None:
    begin(day)
    assert interleave(committed_app, take(day), partial(taking.close_all, day)) == [None, True]


def test_a_share_that_is_late_finds_that_somebody_went_on_with_the_day(committed_app: Flask, day: date) -> None:
    begin(day)
    went_on, late = interleave(committed_app, partial(taking.close_all, day), take(day))
    assert went_on is False and isinstance(late, Busy)


def test_nobody_else_begins_a_day_in_shares_nor_does_a_share_twice(committed_app: Flask, day: date) -> None:
    begin(day)
    with atomic():
        assert not taking.open_all(HALVES, day=day, night_id=NO_NIGHT)
        take(day)()
        with pytest.raises(Busy):
            take(day)()


def test_a_day_that_is_done_is_not_begun_again(committed_app: Flask, day: date) -> None:
    night_runs.run_nights(now=clock.now(), beside=open_beside)
    with pytest.raises(Busy):
        begin(day)
    assert counted(LifecycleShare) == 0


def test_who_leaves_while_a_night_in_shares_adds_their_day_is_added_once(committed_app: Flask, day: date) -> None:
    member_id, today = db.session.scalars(select(MemberStage.member_id)).first(), day + timedelta(days=1)
    db.session.rollback()

    def night() -> None:
        with open_beside() as others:
            nights.run(day, now=clock.now(), beside=others)

    interleave(committed_app, night, lambda: day_flows.leave([member_id], day=today))
    one = StageFlow
    flows = db.session.execute(select(one.day, one.old_stage, one.stage, one.members).order_by(one.day)).all()
    slept, left = (day, "2", "6-sleeping", MEMBERS), (today, "6-sleeping", "left", 1)
    assert [tuple(row) for row in flows if row.day >= day] == [slept, left]


def begin(day: date) -> None:
    """As a night that dies then."""
    with atomic():
        assert taking.open_all(HALVES, day=day, night_id=NO_NIGHT)


def take(day: date) -> Callable[[], None]:
    return partial(taking.take, HALVES[0], day=day)
