"""kill -9 anywhere in missed nights, then the same again: what they keep is that of nights nobody disturbed."""

import itertools
import random
import signal
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, scoped_session

from app.kernel import clock as app_clock
from app.kernel.db import atomic, db
from app.lifecycle.stages.models import (
    FACTS,
    LifecycleCut,
    LifecycleNight,
    LifecycleShare,
    MemberStage,
    StageChange,
    StageFlow,
)
from app.lifecycle.stages.shares import taking
from app.workers.lifecycle import night_runs
from tests.lifecycle.stages.worlds import TODAY, World, ago
from tests.support import kept, run
from tests.support.clock import StillClock

FIRST = ago(2)
KILLS = 4
NEVER = 10**9
FEN = 100
IN_SHARES = ("1",)  # however few members there are
# What is kept, without numbers of rows, which a night that died has used up.
KEPT: dict[Any, tuple[str, ...]] = {
    MemberStage: ("member_id", "is_plain", "stage", "activity", "since", *FACTS),
    StageChange: ("member_id", "day", "old_stage", "stage", "old_activity", "activity", "why", *FACTS),
    StageFlow: ("day", "home_mall_id", "old_stage", "stage", "members"),
    LifecycleCut: ("day", "high_spend_fen", "recency", "frequency", "monetary"),
    LifecycleNight: ("day", "is_full", "members", "changes"),
}


def test_nights_that_are_killed_anywhere_lose_and_double_nothing(
    committed_app: Flask, committed_db: scoped_session[Session], clock: StillClock
) -> None:
    people_who_move()
    start_again(clock)
    statements = int(dying(clock, "statements", NEVER).stdout)
    wanted = tables()
    assert len(wanted["LifecycleNight"]) == 3 and len(wanted["StageChange"]) > 5
    for number in sorted(random.Random(20_261_129).sample(range(1, statements + 1), KILLS)):
        start_again(clock)
        assert dying(clock, "statements", number).returncode == -signal.SIGKILL
        died = tables()
        done = [day for day, *_ in died["LifecycleNight"]]
        assert done == app_clock.each_day(FIRST, TODAY)[: len(done)] and len(done) < 3
        assert all(day in done for _, day, *_ in died["StageChange"])
        night_runs.run_nights(until=TODAY, now=clock.now)
        assert tables() == wanted


def test_a_night_in_shares_that_is_killed_before_any_of_its_commits_is_made_whole(
    committed_app: Flask, committed_db: scoped_session[Session], clock: StillClock
) -> None:
    """Whatever of its shares is kept: until it is done nothing is said of the day, and the days before stay."""
    people_who_move()
    start_again(clock)
    night_runs.run_nights(until=TODAY, now=clock.now)
    wanted = whoever_was_counted(tables())
    start_again(clock)
    commits = int(dying(clock, "commits", NEVER, *IN_SHARES).stdout)
    assert whoever_was_counted(tables()) == wanted and shares_done() == []
    found = []
    for number in range(1, commits + 1):
        start_again(clock)
        assert dying(clock, "commits", number, *IN_SHARES).returncode == -signal.SIGKILL
        found.append((len(tables()["LifecycleNight"]), shares_done()))
        night_runs.run_nights(until=TODAY, now=clock.now)
        assert whoever_was_counted(tables()) == wanted and shares_done() == []
    begun = [(1, []), (1, [False, False]), (1, [True, False]), (1, [True, True])]
    assert [one for one, _ in itertools.groupby(found)] == [*begun, *((2, done) for _, done in begun)]


def test_shares_that_are_not_known_to_be_done_are_done_twice(
    committed_app: Flask, committed_db: scoped_session[Session], clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: whoever comes next takes the day for one that nobody has begun."""
    people_who_move()
    start_again(clock)
    night_runs.run_nights(until=TODAY, now=clock.now)
    wanted = whoever_was_counted(tables())
    start_again(clock)
    dying(clock, "commits", 8, *IN_SHARES)
    assert shares_done() == [True, False]
    monkeypatch.setattr(taking, "close_all", lambda day: False)
    night_runs.run_nights(until=TODAY, now=clock.now)
    assert whoever_was_counted(tables()) != wanted


def people_who_move() -> None:
    """They spend so little that the cut points of the days are near each other."""
    with atomic():
        world = World()
        buyer, sleeper, late = (world.person(joined=ago(days)) for days in (200, 91, 1))
        for day in (92, 90, 40, 0):
            world.buy(buyer, ago(day), FEN)
        world.refund(world.buy(sleeper, ago(91), FEN), ago(1))
        world.buy(late, TODAY, FEN)


def start_again(clock: StillClock) -> None:
    """The first of the nights is done, and two are missed."""
    with atomic():
        for table in (*KEPT, LifecycleShare):
            db.session.execute(delete(table))
    with app_clock.freeze(app_clock.end_of_day(FIRST) + timedelta(hours=4)):
        night_runs.run_nights(until=FIRST, now=clock.now)
    clock.set(app_clock.end_of_day(TODAY) + timedelta(hours=4))


def tables() -> dict[str, list[tuple[object, ...]]]:
    """All rows that nights keep."""
    with atomic():
        db.session.expire_all()
        found = {
            table.__name__: [tuple(getattr(row, name) for name in names) for row in db.session.scalars(select(table))]
            for table, names in KEPT.items()
        }
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def whoever_was_counted(found: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """The same without whether everybody was counted, as they are where some shares were kept."""
    return found | {"LifecycleNight": [(day, *more) for day, _, *more in found["LifecycleNight"]]}


def shares_done() -> list[bool]:
    with atomic():
        return list(db.session.scalars(select(LifecycleShare.is_done).order_by(LifecycleShare.number)))


def dying(clock: StillClock, counted: str, number: int, *more: str) -> Any:
    """A process of its own that is to die before so many statements, or commits."""
    url = str(db.engine.url.render_as_string(hide_password=False))
    words = (TODAY.isoformat(), clock.now.isoformat(), counted, str(number), *more)
    return kept.run("tests.crash.dying_night", *words, environment=run.environment(url))
