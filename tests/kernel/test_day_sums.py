"""Figures by day are those of a plain count, whatever was summed, missed, written late or changed meanwhile."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.entrances import scans
from app.entrances.day_sums import SCANS, STRAY_SCANS
from app.entrances.models import Entrance, EntranceScan
from app.entrances.scans import Opening
from app.kernel import clock as app_clock
from app.kernel.day_sums import marks
from app.kernel.day_sums.models import DayHorizon, DayMark, DaySum
from app.kernel.day_sums.reading import DaySums
from app.kernel.day_sums.series import Sum
from app.kernel.db import atomic, db
from app.workers import summing
from tests.builders.entrances import make_entrance
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.support.clock import StillClock


@pytest.fixture
def entrance(clock: StillClock) -> Entrance:
    return make_entrance(make_mall())


def open_page(entrance: Entrance, visit: str, *, stray: bool = False) -> Opening:
    opening = Opening(entrance_id=entrance.id, visit_key=visit, unknown_scene="none" if stray else None)
    with atomic():
        scans.record(opening, now=app_clock.now())
    return opening


def join(opening: Opening, member_id: int) -> None:
    with atomic():
        scans.record_join(opening, member_id=member_id, now=app_clock.now())


def sum_all() -> None:
    while summing.sum_days(limit=100)[1]:
        pass


def read(entrance: Entrance, *, first: date | None = None) -> Sum:
    today = app_clock.business_date(app_clock.now())
    found = DaySums(entrance.mall_id, [SCANS]).by_key(SCANS, first=first, last=today)
    return found.get(entrance.id, Sum())


def count(entrance: Entrance, *, first: date | None = None) -> Sum:
    """The plain way."""
    rows = select(func.count(), func.count(EntranceScan.joined_at)).where(
        EntranceScan.entrance_id == entrance.id, EntranceScan.unknown_scene.is_(None)
    )
    return Sum(*db.session.execute(rows if first is None else rows.where(EntranceScan.day >= first)).one())


@pytest.mark.parametrize("seed", range(2))
def test_they_are_those_of_a_plain_count(entrance: Entrance, clock: StillClock, seed: int) -> None:
    dice, opened, member = random.Random(seed), list[Opening](), make_member(None)
    start = app_clock.business_date(app_clock.now())
    for number in range(25):
        match dice.randrange(5):
            case 0:
                clock.advance(hours=dice.randrange(60))
            case 1 if opened:
                join(dice.choice(opened), member.id)
            case 2:
                sum_all()
            case _:
                opened.append(open_page(entrance, f"visit-{number}", stray=dice.random() < 0.2))
        since = start + timedelta(days=dice.randrange(20))
        assert (read(entrance), read(entrance, first=since)) == (count(entrance), count(entrance, first=since))
    assert db.session.scalar(select(func.count()).select_from(DaySum)), "nothing was ever summed"


def test_days_that_are_over_are_read_from_their_sums(entrance: Entrance, clock: StillClock) -> None:
    open_page(entrance, "first")
    clock.advance(days=2)
    sum_all()
    db.session.execute(DaySum.__table__.update().values(count=77))
    open_page(entrance, "second")
    assert read(entrance) == Sum(78, 0)


def test_who_joins_through_a_page_of_days_ago_counts_at_once(entrance: Entrance, clock: StillClock) -> None:
    opening = open_page(entrance, "slow")
    clock.advance(days=3)
    sum_all()
    join(opening, make_member(None).id)
    assert read(entrance) == Sum(1, 1)
    assert db.session.scalars(select(DayMark.series)).all() == [SCANS.name]
    sum_all()
    assert db.session.scalars(select(DayMark)).all() == []
    assert read(entrance) == Sum(1, 1)


def test_a_day_is_summed_an_hour_after_its_end(entrance: Entrance, clock: StillClock) -> None:
    open_page(entrance, "first")
    today = app_clock.business_date(app_clock.now())
    clock.set(app_clock.end_of_day(today) + timedelta(minutes=59))
    sum_all()
    assert horizon(entrance) == today
    clock.advance(minutes=1)
    sum_all()
    assert horizon(entrance) == today + timedelta(days=1)


def horizon(entrance: Entrance) -> date | None:
    mine = select(DayHorizon.until).where(DayHorizon.mall_id == entrance.mall_id, DayHorizon.series == SCANS.name)
    return db.session.scalar(mine)


def test_what_was_missed_for_months_is_caught_up(entrance: Entrance, clock: StillClock) -> None:
    open_page(entrance, "first")
    clock.advance(days=100)
    open_page(entrance, "last")
    assert summing.sum_days(limit=1)[1], "a month at a time"
    assert read(entrance) == Sum(2, 0)
    sum_all()
    assert read(entrance) == Sum(2, 0)


def test_a_sum_that_is_wrong_is_found_and_mended(entrance: Entrance, clock: StillClock) -> None:
    open_page(entrance, "first")
    day = app_clock.business_date(app_clock.now())
    clock.advance(days=40)
    sum_all()
    assert summing.prove_sums() == []
    db.session.execute(DaySum.__table__.update().values(count=5))
    db.session.add(
        DaySum(series=STRAY_SCANS.name, mall_id=entrance.mall_id, key=entrance.id, day=day, count=1, amount=0)
    )
    db.session.flush()
    assert len(summing.prove_sums()) == 2
    assert read(entrance) == Sum(1, 0)


def test_today_needs_no_mark(entrance: Entrance, clock: StillClock) -> None:
    with atomic():
        marks.note_all(SCANS, [(1, app_clock.business_date(clock.now)), (None, date(2020, 1, 1))])
    assert db.session.scalars(select(DayMark)).all() == []


def test_between_moments_only_whole_days_come_from_sums(entrance: Entrance, clock: StillClock) -> None:
    begin = clock.now
    for number in range(4):
        open_page(entrance, f"day-{number}")
        clock.advance(days=1)
    sum_all()
    sums = DaySums(entrance.mall_id, [SCANS, STRAY_SCANS])
    for since, until, expected in [
        (begin, clock.now, 4),
        (begin + timedelta(seconds=1), clock.now, 3),
        (begin, begin + timedelta(days=3), 3),
        (begin, begin + timedelta(days=3, seconds=1), 4),
        (app_clock.start_of_day(app_clock.business_date(begin)), begin, 0),
        (begin, begin + timedelta(seconds=1), 1),
    ]:
        seen = {"scans": {entrance.id: Sum(expected, 0)} if expected else {}, "stray_scans": {}}
        assert sums.between_each([(since, until), (since, since)]) == [seen, {"scans": {}, "stray_scans": {}}]
