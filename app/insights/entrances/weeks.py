"""Counting weeks of entrances: this and the last one often, all others seldom, because what members bring goes on."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.entrances import queries as entrance_queries
from app.entrances.costs import list_costing
from app.entrances.day_sums import FOOTFALL, SCANS
from app.entrances.footfall_queries import list_doors
from app.entrances.models import Entrance
from app.insights.entrances import joiners
from app.insights.entrances.joiners import Joiners
from app.insights.entrances.models import FIGURES, EntranceWeek, MallWeek
from app.kernel import clock
from app.kernel.day_sums.reading import DaySums
from app.kernel.db import db, take_long

WEEK = timedelta(days=7)
# Weeks that every night counts anew; of older ones, those counted longest ago.
YOUNG_WEEKS, OLD_WEEKS = 53, 4
OPEN_WEEKS, COUNTED_EVERY = 2, timedelta(minutes=10)


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def list_open(mall_id: int, *, now: datetime) -> list[date]:
    """This week and the last one, if they were not counted lately, and those of a year that never were; the latest
    first.
    """
    weeks, counted = _weeks(mall_id, clock.business_date(now))[:YOUNG_WEEKS], _counted_at(mall_id)
    stale = [week for week in weeks[:OPEN_WEEKS] if week in counted and counted[week] <= now - COUNTED_EVERY]
    return [week for week in weeks if week in stale or week not in counted]


def list_closed(mall_id: int, *, now: datetime) -> list[date]:
    """The weeks before these: all of a year, and some older ones, those counted longest ago first."""
    today = clock.business_date(now)
    weeks, counted = _weeks(mall_id, today), _counted_at(mall_id)
    old = sorted(weeks[YOUNG_WEEKS:], key=lambda week: (week in counted, counted.get(week)))
    return [*weeks[OPEN_WEEKS:YOUNG_WEEKS], *old[:OLD_WEEKS]]


def _weeks(mall_id: int, today: date) -> list[date]:
    """All weeks since the mall had entrances, the latest first."""
    first = entrance_queries.find_first_day(mall_id)
    if first is None:
        return []
    number = (week_of(today) - week_of(first)).days // 7
    return [week_of(today) - WEEK * ago for ago in range(number + 1)]


def _counted_at(mall_id: int) -> dict[date, datetime]:
    rows = db.session.execute(select(MallWeek.week, MallWeek.counted_at).where(MallWeek.mall_id == mall_id))
    return dict(rows.tuples().all())


def count(mall_id: int, week: date, *, now: datetime) -> None:
    """Count a week of a mall and keep it in place of what was kept; whoever counts it second waits."""
    take_long()
    _lock(mall_id, week, now=now)
    last, since, until = week + WEEK - timedelta(days=1), clock.start_of_day(week), clock.start_of_day(week + WEEK)
    sums = DaySums(mall_id, [SCANS, FOOTFALL])
    scans = {key: one.count for key, one in sums.by_key(SCANS, first=week, last=last).items()}
    doors = {key: one.amount for key, one in sums.by_key(FOOTFALL, first=week, last=last).items()}
    joined, benefits = joiners.count(mall_id, since, until), joiners.sum_benefits(mall_id, since, until)
    visitors = _by_entrance(mall_id, doors)
    ids = {*scans, *joined, *benefits, *visitors, *list_costing(mall_id, week)}
    rows = [
        _row(visitors.get(key), scans.get(key, 0), joined.get(key, Joiners()), benefits.get(key, 0))
        | {"entrance_id": key, "week": week, "mall_id": mall_id}
        for key in sorted(ids)
    ]
    _keep(mall_id, week, rows)
    _keep_mall(mall_id, week, rows, visitors=sum(doors.values()) if doors else None, now=now)


def _by_entrance(mall_id: int, doors: Mapping[int, int]) -> dict[int, int]:
    """How many came in by the doors where an entrance's code hangs."""
    found = Counter[int]()
    for door in list_doors(mall_id):
        if door.entrance_id is not None and door.id in doors:
            found[door.entrance_id] += doors[door.id]
    return dict(found)


def _row(visitors: int | None, scans: int, joined: Joiners, benefits_fen: int) -> dict[str, Any]:
    return {"visitors": visitors, "scans": scans, **asdict(joined), "benefits_fen": benefits_fen}


def _lock(mall_id: int, week: date, *, now: datetime) -> None:
    row = dict.fromkeys(FIGURES, 0) | {"mall_id": mall_id, "week": week, "counted_at": now}
    db.session.execute(insert(MallWeek).values(row).on_conflict_do_nothing())
    db.session.execute(
        select(MallWeek.week).where(MallWeek.mall_id == mall_id, MallWeek.week == week).with_for_update()
    )


def _keep(mall_id: int, week: date, rows: Sequence[dict[str, Any]]) -> None:
    own = (EntranceWeek.mall_id == mall_id, EntranceWeek.week == week)
    db.session.execute(delete(EntranceWeek).where(*own, EntranceWeek.entrance_id.not_in(_ids(rows))))
    if rows:
        new = insert(EntranceWeek).values(list(rows))
        set_ = {name: new.excluded[name] for name in FIGURES}
        db.session.execute(new.on_conflict_do_update(index_elements=["entrance_id", "week"], set_=set_))


def _ids(rows: Sequence[dict[str, Any]]) -> Collection[int]:
    return [row["entrance_id"] for row in rows]


def _keep_mall(
    mall_id: int, week: date, rows: Sequence[dict[str, Any]], *, visitors: int | None, now: datetime
) -> None:
    sums = {name: sum(row[name] for row in rows) for name in FIGURES if name != "visitors"}
    row = {"mall_id": mall_id, "week": week, "visitors": visitors, "counted_at": now, **sums}
    new = insert(MallWeek).values(row)
    set_ = {name: new.excluded[name] for name in (*FIGURES, "counted_at")}
    db.session.execute(new.on_conflict_do_update(index_elements=["mall_id", "week"], set_=set_))


def show(entrance: Entrance, week: date) -> None:
    """Let an entrance stand among those of a week although nothing was counted of it: its cost was entered."""
    row = dict.fromkeys(FIGURES, 0) | {"entrance_id": entrance.id, "week": week, "mall_id": entrance.mall_id}
    db.session.execute(insert(EntranceWeek).values(row | {"visitors": None}).on_conflict_do_nothing())
