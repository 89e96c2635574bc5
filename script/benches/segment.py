"""`segment`: the count of a segment while it is built, over 1 million members, against the bare statement.

Five definitions of rising depth. A line for each: milliseconds of the count as the form asks for it, with reading the
definition and making its statement, beside those of a statement that was written by hand for this one question and sent
over the same connection; with the 95th percentile of the count. Both find the same number of members.
`--members 100000` fills less.
"""

import re
import statistics
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.kernel import clock
from app.kernel.db import db
from app.lifecycle.segments import queries, reading
from app.lifecycle.segments.known_fields import all_fields
from script.benches.data import segment_data
from script.benches.support import settled
from script.benches.support.figures import Sample, alternate, report, say
from script.benches.support.servers import Ground, ground
from script.supervisor.errors import Stop

MEMBERS = 1_000_000
SMALLEST = 3_000
REPEATS = 15
_PATIENCE_MS = 120_000

_GOLD = {"field": "tier", "operator": "any_of", "value": ["gold", "black"]}
_SPENT = {"field": "spend", "operator": "at_least", "value": 50_000, "days": 90}
_BOUGHT = {"field": "purchases", "operator": "at_least", "value": 2, "days": 365}
_AWAY = {"field": "last_visit", "operator": "over", "value": 30}
_BROWSED = {"field": "acts", "operator": "any_of", "value": ["browsed"], "days": 60}
_BIRTHDAY = {"field": "birthday", "operator": "in_months", "value": [1, 2, 3]}
_LIKES = {"field": "preferences", "operator": "any_of", "value": ["kids"]}
_VISITS = {"field": "visits", "operator": "at_least", "value": 1, "days": 180}
SEGMENTS: Mapping[int, dict[str, Any]] = {
    1: {"all": [_GOLD, {"field": "joined", "operator": "within", "value": 365}]},
    2: {"all": [_GOLD, _SPENT]},
    3: {"all": [_BOUGHT, {"any": [_AWAY, _SPENT]}]},
    4: {"all": [_BOUGHT, {"any": [_GOLD, {"all": [_SPENT, _VISITS]}]}, {"not": {"any": [_BROWSED, _BIRTHDAY]}}]},
    5: {
        "any": [
            {"all": [_SPENT, {"any": [_AWAY, {"not": {"all": [_BROWSED, {"any": [_LIKES, _BIRTHDAY]}]}}]}]},
            {"all": [_GOLD, _BOUGHT, _VISITS]},
        ]
    },
}

# By hand, one for each.
_BARE = [
    one.strip() for one in Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split(";") if one.strip()
]


def run(arguments: list[str]) -> None:
    """Measure and print."""
    members = int(arguments[arguments.index("--members") + 1]) if "--members" in arguments else MEMBERS
    with ground(shared_buffers="1GB") as bench:
        bench.migrated("segment")
        with settled.application(bench.environment("segment")):
            say(f"filling {members:,} members ...")
            segment_data.fill(members, now=clock.now())
            for number in SEGMENTS:
                _measure(number, members)


def rehearse(bench: Ground, template: str) -> None:
    """Every count and its bare statement once on the smallest ground, a copy of the migrated database `template`."""
    bench.copied("segment", template)
    with settled.application(bench.environment("segment")):
        segment_data.fill(SMALLEST, now=clock.now())
        for number in SEGMENTS:
            _ensure_same(number)


def _measure(number: int, members: int) -> None:
    found = _ensure_same(number)
    counted, bare = alternate(
        lambda: _timed(lambda: _count(number)), lambda: _timed(lambda: _bare(number)), repeats=REPEATS
    )
    p95 = statistics.quantiles([sample.value for sample in counted], n=20)[-1]
    scale = {"members": members, "found": found, "p95_ms": round(p95)}
    report(f"segment-{number}", counted, bare, unit="ms", scale=scale)


def _ensure_same(number: int) -> int:
    """How many members both find; raises Stop when they differ, or find nobody."""
    found, bare = _count(number), _bare(number)
    if found != bare or not found:
        raise Stop(f"segment {number} has {found} members, by the bare statement {bare}")
    return found


def _timed(act: Callable[[], int]) -> Sample:
    started = time.perf_counter()
    act()
    return Sample((time.perf_counter() - started) * 1_000)


def _count(number: int) -> int:
    root = reading.read({"version": 1, "root": SEGMENTS[number]}, all_fields(), mall_id=1)
    found = queries.count(root, mall_id=1, now=clock.now(), most_ms=_PATIENCE_MS)
    db.session.rollback()
    return found


def _bare(number: int) -> int:
    today = clock.business_date(clock.now())
    days = {f"d{days}": clock.start_of_day(today - timedelta(days=days - 1)) for days in (30, 60, 90, 180, 365)}
    statement = _BARE[number - 1]
    used = {name: value for name, value in days.items() if re.search(rf":{name}\b", statement)}
    db.session.execute(text(f"SET LOCAL statement_timeout = {_PATIENCE_MS}"))
    found = db.session.scalar(text(statement), used)
    db.session.rollback()
    return int(found or 0)
