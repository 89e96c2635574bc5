"""kill -9 anywhere in missed nights, then the same again: what they keep is that of nights nobody disturbed."""

import random
import signal
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, scoped_session

from app.kernel import clock as app_clock
from app.kernel.db import atomic, db
from app.lifecycle.stages.models import FACTS, LifecycleCut, LifecycleNight, MemberStage, StageChange, StageFlow
from app.workers.lifecycle import night_runs
from tests.lifecycle.stages.worlds import TODAY, World, ago
from tests.support import kept, run
from tests.support.clock import StillClock

FIRST = ago(2)
KILLS = 4
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
    statements = int(dying(clock, 10**9).stdout)
    wanted = tables()
    assert len(wanted["LifecycleNight"]) == 3 and len(wanted["StageChange"]) > 5
    for number in sorted(random.Random(20_261_129).sample(range(1, statements + 1), KILLS)):
        start_again(clock)
        assert dying(clock, number).returncode == -signal.SIGKILL
        died = tables()
        done = [day for day, *_ in died["LifecycleNight"]]
        assert done == app_clock.each_day(FIRST, TODAY)[: len(done)] and len(done) < 3
        assert all(day in done for _, day, *_ in died["StageChange"])
        night_runs.run_nights(until=TODAY, now=clock.now)
        assert tables() == wanted


def people_who_move() -> None:
    with atomic():
        world = World()
        buyer, sleeper, late = (world.person(joined=ago(days)) for days in (200, 91, 1))
        for day in (92, 90, 40, 0):
            world.buy(buyer, ago(day))
        world.refund(world.buy(sleeper, ago(91)), ago(1))
        world.buy(late, TODAY)


def start_again(clock: StillClock) -> None:
    """The first of the nights is done, and two are missed."""
    with atomic():
        for table in KEPT:
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


def dying(clock: StillClock, number: int) -> Any:
    """A process of its own that is to die before so many statements."""
    url = str(db.engine.url.render_as_string(hide_password=False))
    words = (TODAY.isoformat(), clock.now.isoformat(), str(number))
    return kept.run("tests.crash.dying_night", *words, environment=run.environment(url))
