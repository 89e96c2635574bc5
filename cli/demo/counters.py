"""What the counters at the doors of the demo's large mall saw, and what its codes cost in some weeks."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.access import audit
from app.entrances import costs, footfall
from app.entrances.costs import Cost
from app.entrances.footfall import Count, Source
from app.entrances.models import Door, Entrance
from app.kernel import clock
from app.kernel.db import atomic, db
from cli.demo.mall import Built

SEED = 20_260_902
# By the code of a door: what it is called, the kind of the code that hangs there, and how many come in a usual hour.
DOORS: Mapping[str, tuple[str, str, int]] = {
    "N1": ("北门", "main", 90),
    "B1": ("停车场门厅", "car_park", 55),
    "L3": ("3 号电梯厅", "lift", 40),
    "S1": ("南门", "", 35),
}
# How many come in the hours from ten on, and on the days from Monday on, beside a usual hour.
_HOURS = (0.4, 0.8, 1.3, 1.1, 0.9, 1.0, 1.1, 1.4, 1.7, 1.5, 1.0, 0.5)
_DAYS = (0.8, 0.8, 0.85, 0.9, 1.2, 1.7, 1.6)
_OPENS = 10
# What was entered for the code of a kind, so many weeks ago.
COSTS: Sequence[tuple[str, int, int, str]] = (
    ("lift", 1, 18_000, "电梯屏画面更换"),
    ("main", 1, 60_000, "周末地推 2 人"),
    ("car_park", 3, 32_000, "立柱海报印刷"),
)


def count(built: Built, *, start: datetime, end: datetime) -> None:
    """Let the counters have said of every hour since then how many came, and people what the codes cost."""
    chance = random.Random(SEED)  # noqa: S311  a demo, not a secret
    mall_id = built.malls["YH"].id
    for day in clock.each_day(clock.business_date(start), clock.business_date(end)):
        counts = [one for one in _counts_of(day, chance) if one.begins_at + timedelta(hours=1) <= end]
        with clock.freeze(min(clock.end_of_day(day), end)), atomic():
            if counts:
                footfall.record(mall_id, counts, source=Source.API, actor=audit.SYSTEM, now=clock.now())
    entrances = {one.kind: one for one in built.entrances if one.mall_id == mall_id}
    with atomic():
        _call_doors(mall_id, entrances)
        _enter_costs(entrances, now=end)


def _counts_of(day: date, chance: random.Random) -> list[Count]:
    return [
        Count(code, day, _OPENS + hour, round(usual * share * _DAYS[day.weekday()] * chance.uniform(0.8, 1.2)))
        for code, (_, _, usual) in DOORS.items()
        for hour, share in enumerate(_HOURS)
    ]


def _call_doors(mall_id: int, entrances: Mapping[str, Entrance]) -> None:
    for door in db.session.scalars(select(Door).where(Door.mall_id == mall_id)):
        name, kind, _ = DOORS[door.code]
        footfall.describe(door, name=name, entrance_id=entrances[kind].id if kind else None)


def _enter_costs(entrances: Mapping[str, Entrance], *, now: datetime) -> None:
    today = clock.business_date(now)
    for kind, weeks_ago, fen, note in COSTS:
        week = today - timedelta(days=today.weekday(), weeks=weeks_ago)
        costs.enter(entrances[kind], week, Cost(amount_fen=fen, note=note), by="陈岚", now=now)
