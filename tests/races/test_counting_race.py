"""Several workers at the same days of members' values and weeks of entrances: each is counted, and once."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from app.entrances import scans
from app.insights.entrances.models import EntranceWeek, MallWeek
from app.kernel import clock
from app.kernel.db import atomic, db
from app.lifecycle.values.models import ValueDay
from app.workers.insights import entrance_weeks
from app.workers.lifecycle import member_values
from tests.builders.entrances import make_entrance
from tests.builders.identity import make_visitor
from tests.builders.malls import make_mall
from tests.support.races import race

WORKERS = 3


def counted(of: object) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(of)) or 0  # type: ignore[arg-type]


def test_days_and_weeks_are_counted_once(committed_app: Flask, committed_db: scoped_session[Session]) -> None:
    with atomic(), clock.freeze(clock.now() - timedelta(days=100)):
        mall = make_mall()
        make_visitor(mall)
        entrance = make_entrance(mall)
        scans.record(scans.Opening(entrance_id=entrance.id, visit_key="first"), now=clock.now())
    done = race(committed_app, [member_values.count_days] * WORKERS)
    days = counted(ValueDay)
    assert days >= 99 and sum(one.days for one in done) == days
    race(committed_app, [entrance_weeks.count_open] * WORKERS)
    assert counted(MallWeek) in (15, 16) and counted(EntranceWeek) == 1
