"""`matrix`: the migration matrix of two dates at 1,000,000 members, against DuckDB on Parquet over the same rows.

`matrix` is of a month, `matrix-year` of a year, both up to a week before the last day; each as the page reads it. The
limit works out where everybody stood on both days from all rows. Both must come to the same cells. `scale` has the
milliseconds that the first page of the members of the greatest move takes, with their count. `--members N` fills less.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import duckdb
from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import atomic, db, take_long
from app.kernel.lists import keyset, totals
from app.kernel.lists.keyset import Asked, Order
from app.lifecycle.stages import moved
from app.lifecycle.stages.models import MemberStage
from app.malls.models import Mall
from script.benches.data import matrix_data
from script.benches.support import settled
from script.benches.support.figures import Sample, alternate, median, report, say
from script.benches.support.servers import Ground, ground
from script.supervisor.errors import Stop

MEMBERS = 1_000_000
SMALLEST = 500
REPEATS = 5
SECOND = matrix_data.LAST - timedelta(days=7)
SPANS = {"matrix": 30, "matrix-year": 365}

_LIMIT = """
WITH earlier AS (SELECT member_id, arg_min(old_stage, (day, id)) AS stage FROM moves WHERE day > $first GROUP BY ALL),
later AS (SELECT member_id, arg_min(old_stage, (day, id)) AS stage FROM moves WHERE day > $second GROUP BY ALL),
stood AS (SELECT coalesce(earlier.stage, stages.stage) AS old, coalesce(later.stage, stages.stage) AS new
    FROM stages LEFT JOIN earlier USING (member_id) LEFT JOIN later USING (member_id))
SELECT old, new, count(*) FROM stood WHERE old <> '' OR new <> '' GROUP BY ALL
"""
_TYPES = {
    "stages": "{'member_id': 'BIGINT', 'stage': 'VARCHAR'}",
    "moves": "{'member_id': 'BIGINT', 'id': 'BIGINT', 'day': 'DATE', 'old_stage': 'VARCHAR'}",
}

Counts = dict[tuple[str, str], int]


def run(arguments: list[str]) -> None:
    """Measure and print."""
    members = int(arguments[arguments.index("--members") + 1]) if "--members" in arguments else MEMBERS
    with ground(shared_buffers="1GB") as bench:
        bench.migrated("matrix")
        with settled.application(bench.environment("matrix")), duckdb.connect() as limit:
            say(f"filling {members:,} members ...")
            mall_id, moves = _fill(bench, limit, members)
            for name, days in SPANS.items():
                _measure(name, days, limit, mall_id, {"members": members, "moves": moves, "days": days})


def rehearse(bench: Ground, template: str) -> None:
    """Every matrix and its limit once on the smallest ground, a copy of the migrated database `template`."""
    bench.copied("matrix", template)
    with settled.application(bench.environment("matrix")), duckdb.connect() as limit:
        mall_id, _ = _fill(bench, limit, SMALLEST)
        for days in SPANS.values():
            _list_page(_ensure_same(limit, days, mall_id), days, mall_id)


def _fill(bench: Ground, limit: duckdb.DuckDBPyConnection, members: int) -> tuple[int, int]:
    """The mall, and how many moves its members made."""
    url = bench.cluster.url("matrix")
    with atomic():
        mall = Mall(code="BENCH", name="商场", city="上海", accent="#0f766e", created_at=clock.now())
        db.session.add(mall)
        db.session.flush()
        mall_id = mall.id
    moves = matrix_data.fill(url, members=members, mall_id=mall_id)
    for name, file in matrix_data.copy_out(url, bench.folder).items():
        _as_parquet(limit, name, file)
    return mall_id, moves


def _as_parquet(limit: duckdb.DuckDBPyConnection, name: str, file: Path) -> None:
    parquet = file.with_suffix(".parquet")
    read = f"read_csv('{file}', header = false, allow_quoted_nulls = false, columns = {_TYPES[name]})"
    limit.execute(f"COPY (FROM {read}) TO '{parquet}'")
    limit.execute(f"CREATE VIEW {name} AS FROM '{parquet}'")
    file.unlink()


def _measure(name: str, days: int, limit: duckdb.DuckDBPyConnection, mall_id: int, scale: dict[str, int]) -> None:
    counts = _ensure_same(limit, days, mall_id)
    found, bound = alternate(
        lambda: _timed(partial(_matrix, days, mall_id)), lambda: _timed(partial(_bound, limit, days)), repeats=REPEATS
    )
    listed = [_timed(partial(_list_page, counts, days, mall_id)) for _ in range(REPEATS)]
    report(name, found, bound, unit="ms", scale={**scale, "list_ms": round(median(listed))})


def _ensure_same(limit: duckdb.DuckDBPyConnection, days: int, mall_id: int) -> Counts:
    """The cells that both find; raises Stop when they differ."""
    found, bound = _matrix(days, mall_id), _bound(limit, days)
    if found != bound or not found:
        raise Stop(f"the matrix of {days} days is {found}, by the limit {bound}")
    return found


def _matrix(days: int, mall_id: int) -> Counts:
    counts = moved.count(SECOND - timedelta(days=days), SECOND, mall_id=mall_id)
    db.session.rollback()
    return counts


def _bound(limit: duckdb.DuckDBPyConnection, days: int) -> Counts:
    asked = {"first": SECOND - timedelta(days=days), "second": SECOND}
    return {(old, new): members for old, new, members in limit.execute(_LIMIT, asked).fetchall()}


def _list_page(counts: Counts, days: int, mall_id: int) -> None:
    """The first members of the greatest move, and how many there are, as the console asks for them."""
    moves = [pair for pair in counts if "" not in pair and pair[0] != pair[1]]
    old, new = max(moves, key=lambda pair: counts[pair])
    ids = moved.stood(SECOND - timedelta(days=days), SECOND, old=old, new=new, mall_id=mall_id)
    where = [MemberStage.home_mall_id == mall_id, MemberStage.member_id.in_(ids)]
    order = Order(MemberStage.member_id.desc())
    take_long()
    counted = totals.count(MemberStage, where, order).count
    page = keyset.scalars(select(MemberStage).where(*where), order, Asked(30))
    db.session.rollback()
    if counted != min(counts[old, new], totals.MOST_COUNTED) or len(page) != min(counted, 30):
        raise Stop(f"{counts[old, new]} members moved from {old} to {new}, the list has {counted}")


def _timed(act: Callable[[], object]) -> Sample:
    started = time.perf_counter()
    act()
    return Sample((time.perf_counter() - started) * 1_000)
