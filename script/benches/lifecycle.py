"""`lifecycle`: a night over 1,000,000 members with 18,000,000 events, against DuckDB on Parquet over the same facts.

`lifecycle-incremental` carries the facts on by a day, `lifecycle-full` counts everybody anew and finds little to
change; both are durable and keep what changed. The limit works out every member's facts and stage from all rows and the
day's cut points, and keeps no history. After each round the members' rows must equal the limit's, one by one, and so
must the cut points. `--members N` fills less.
"""

import time
from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import atomic, db, table_of
from app.kernel.fastpath.copies import copy_out
from app.lifecycle.stages import nights
from app.lifecycle.stages.models import LifecycleCut, MemberStage
from app.malls.models import Mall, Merchant, Store
from app.workers.lifecycle import night_runs
from jobs.beside import open_beside
from script.benches.data import lifecycle_data
from script.benches.data.lifecycle_data import LAST, NIGHTS
from script.benches.support import settled
from script.benches.support.figures import Sample, report, say
from script.benches.support.servers import Ground, ground
from script.supervisor.errors import Stop

MEMBERS = 1_000_000
# As on a machine for a database of 20 GB. The limit takes what memory there is.
SHARED_BUFFERS = "4GB"
COLUMNS = (
    "member_id",
    "last_purchase_on",
    "last_presence_on",
    "last_behaviour_on",
    "recent_purchases",
    "year_fen",
    "purchases",
    "monetary_fen",
    "stage",
    "activity",
)

# The decisions of docs and `app/lifecycle/stages/rules.py` once more, by hand, for $day.
_LIMIT = (
    """
CREATE OR REPLACE TEMP TABLE facts AS
WITH refunded AS (
    SELECT member_id, refund_of_id, sum(amount_fen) AS fen FROM purchases
    WHERE refund_of_id IS NOT NULL AND day <= $day GROUP BY ALL),
bought AS (
    SELECT p.member_id,
        max(p.day) FILTER (counts) AS last_purchase_on,
        count(*) FILTER (counts AND p.day > $day - 90) AS recent_purchases,
        count(*) FILTER (counts AND p.day > $day - 365) AS year_purchases,
        coalesce(sum(amount_fen) FILTER (p.day > $day - 365), 0) AS year_fen,
        count(*) FILTER (counts) AS purchases,
        sum(amount_fen) AS monetary_fen
    FROM (SELECT p.*, p.refund_of_id IS NULL AND (r.fen IS NULL OR p.amount_fen + r.fen > 0) AS counts
          FROM purchases p LEFT JOIN refunded r ON r.member_id = p.member_id AND r.refund_of_id = p.id
          WHERE p.day <= $day) p
    GROUP BY p.member_id),
acted AS (
    SELECT member_id, max(day) AS behaviour_on, max(day) FILTER (kind IN ('purchased', 'visited')) AS presence_on
    FROM timeline_events WHERE day <= $day GROUP BY member_id)
SELECT m.id AS member_id, m.joined_on, last_purchase_on,
    greatest(joined_on, presence_on) AS last_presence_on, greatest(joined_on, behaviour_on) AS last_behaviour_on,
    coalesce(recent_purchases, 0) AS recent_purchases, coalesce(year_purchases, 0) AS year_purchases,
    coalesce(year_fen, 0) AS year_fen, coalesce(purchases, 0) AS purchases,
    coalesce(monetary_fen, 0) AS monetary_fen
FROM members m LEFT JOIN bought b ON b.member_id = m.id LEFT JOIN acted a ON a.member_id = m.id
WHERE m.joined_on <= $day
""",
    """
CREATE OR REPLACE TABLE cuts AS SELECT
    ceil(quantile_cont(year_fen, 0.9) FILTER (year_purchases > 0))::BIGINT AS high_spend_fen,
    quantile_cont($day - last_purchase_on, [0.2, 0.4, 0.6, 0.8]) FILTER (purchases > 0) AS recency,
    quantile_cont(purchases, [0.2, 0.4, 0.6, 0.8]) FILTER (purchases > 0) AS frequency,
    quantile_cont(monetary_fen, [0.2, 0.4, 0.6, 0.8]) FILTER (purchases > 0) AS monetary
FROM facts
""",
    """
CREATE OR REPLACE TABLE limits AS
SELECT member_id, last_purchase_on, last_presence_on, last_behaviour_on, recent_purchases, year_fen, purchases,
    monetary_fen,
    CASE WHEN $day - last_behaviour_on >= 180 THEN '6-lost' WHEN $day - last_behaviour_on >= 90 THEN '6-sleeping'
        WHEN $day - coalesce(last_purchase_on, joined_on) >= 90 THEN '6-warning'
        WHEN recent_purchases > 0 AND year_fen >= high_spend_fen THEN '5' WHEN recent_purchases >= 8 THEN '5'
        WHEN recent_purchases >= 2 THEN '4' WHEN purchases > 0 THEN '3' ELSE '2' END AS stage,
    CASE WHEN $day - last_presence_on >= 90 THEN 'silent' WHEN $day - last_presence_on <= 30 THEN 'active'
        ELSE 'cooling' END AS activity
FROM facts CROSS JOIN cuts
""",
)
_DIFFERENT = """
SELECT count(*) FROM (
    (SELECT * FROM limits EXCEPT SELECT * FROM kept) UNION ALL (SELECT * FROM kept EXCEPT SELECT * FROM limits))
"""
_TYPES = "BIGINT, DATE, DATE, DATE, BIGINT, BIGINT, BIGINT, BIGINT, VARCHAR, VARCHAR"


def run(arguments: list[str]) -> None:
    """Measure and print: nights that follow one another, each with its limit and once more in full."""
    members = int(arguments[arguments.index("--members") + 1]) if "--members" in arguments else MEMBERS
    with ground(shared_buffers=SHARED_BUFFERS) as bench:
        bench.migrated("lifecycle")
        say(f"writing {members:,} members with {lifecycle_data.EVENTS} events each ...")
        carried, limits, counted = _measure(bench, members=members, rounds=NIGHTS)
    scale = {"members": members, "events": members * lifecycle_data.EVENTS, "durable": True}
    report("lifecycle-incremental", carried, limits, unit="s", scale=scale)
    report("lifecycle-full", counted, limits, unit="s", scale=scale)


def rehearse(bench: Ground, template: str) -> None:
    """One round on the smallest ground, a copy of the migrated database `template`."""
    bench.copied("lifecycle", template)
    _measure(bench, members=300, rounds=1)


def _measure(bench: Ground, *, members: int, rounds: int) -> tuple[list[Sample], list[Sample], list[Sample]]:
    url = bench.cluster.url("lifecycle")
    with settled.application(bench.environment("lifecycle")), duckdb.connect(str(bench.folder / "limit.db")) as limit:
        lifecycle_data.fill(url, members=members, place=_place())
        _as_parquet(limit, bench.folder, url)
        say("the first night ...")
        _night(LAST)
        carried, limits, counted = [], [], []
        for number in range(1, rounds + 1):
            day = LAST + timedelta(days=number)
            carried.append(_timed(partial(_night, day)))
            limits.append(_timed(partial(_work_out, limit, day)))
            _compare(limit, bench.folder / "kept.csv", day=day)
            counted.append(_timed(partial(_again, day)))
    return carried, limits, counted


def _place() -> dict[str, int]:
    now = clock.now()
    with atomic():
        mall = Mall(code="BENCH", name="商场", city="上海", accent="#0f766e", created_at=now)
        merchant = Merchant(code="B1", name="商户", created_at=now)
        db.session.add_all([mall, merchant])
        db.session.flush()
        store = Store(
            mall_id=mall.id,
            merchant_id=merchant.id,
            code="S1",
            name="门店",
            floor="2F",
            category_code="dining",
            active=True,
            created_at=now,
        )
        db.session.add(store)
        db.session.flush()
        return {"mall": mall.id, "merchant": merchant.id, "store": store.id}


def _as_parquet(limit: duckdb.DuckDBPyConnection, folder: Path, url: str) -> None:
    for file in lifecycle_data.copy_out(url, folder):
        columns = {
            "members": "{'id': 'BIGINT', 'joined_on': 'DATE'}",
            "purchases": "{'member_id': 'BIGINT', 'id': 'BIGINT', 'day': 'DATE', 'amount_fen': 'BIGINT', "
            "'refund_of_id': 'BIGINT'}",
            "timeline_events": "{'member_id': 'BIGINT', 'kind': 'VARCHAR', 'day': 'DATE'}",
        }[file.stem]
        parquet = file.with_suffix(".parquet")
        limit.execute(f"COPY (FROM read_csv('{file}', header = false, columns = {columns})) TO '{parquet}'")
        limit.execute(f"CREATE VIEW {file.stem} AS FROM '{parquet}'")
        file.unlink()


def _work_out(limit: duckdb.DuckDBPyConnection, day: date) -> None:
    for statement in _LIMIT:
        limit.execute(statement, {"day": day} if "$day" in statement else None)


def _night(day: date) -> None:
    """By the job's own way, as soon as it may."""
    if not night_runs.run_nights(until=day, now=clock.end_of_day(day) + clock.MACHINES_AHEAD, beside=open_beside):
        raise Stop(f"{day} was worked out before")


def _again(day: date) -> None:
    with atomic():
        nights.run_again(day, now=clock.end_of_day(day))


def _timed(act: Any) -> Sample:
    started = time.perf_counter()
    act()
    return Sample(time.perf_counter() - started)


def _compare(limit: duckdb.DuckDBPyConnection, file: Path, *, day: date) -> None:
    """Raises Stop unless every member's row and the cut points are what the limit says."""
    own = table_of(MemberStage).c
    with atomic(), file.open("wb") as out, copy_out(select(*(own[name] for name in COLUMNS)), "FORMAT csv") as copy:
        for part in copy:
            out.write(part)
    names = ", ".join(f"'{name}': '{kind}'" for name, kind in zip(COLUMNS, _TYPES.split(", "), strict=True))
    limit.execute(f"CREATE OR REPLACE TABLE kept AS FROM read_csv('{file}', header = false, columns = {{{names}}})")
    found = limit.execute(_DIFFERENT).fetchone()
    if found != (0,):
        raise Stop(f"{found} rows differ from the limit's")
    points, cut = limit.execute("FROM cuts").fetchone(), db.session.get_one(LifecycleCut, day)
    kept = (cut.high_spend_fen, cut.recency, cut.frequency, cut.monetary)
    if _rounded(points) != _rounded(kept):
        raise Stop(f"the cut points of {day} are {kept}, and {points} by the limit")


def _rounded(points: Iterable[Any] | None) -> list[Any]:
    """Without the last bits of the fifths, which two ways of computing may leave different."""
    spent, *fifths = points or ()
    return [spent, *([round(point, 6) for point in some] for some in fifths)]
