"""`expiry`: lots that run out, in batches as the job takes them, against COPY of every row that this writes.

The rows are entries, uses, and the new versions of lots and accounts, as COPY wrote them out of the database into an
empty copy of it: the same columns and indexes, one transaction, foreign keys unasked. `--lots N` takes fewer.
"""

import tempfile
import time
from datetime import timedelta
from pathlib import Path

import psycopg

from app.kernel import clock
from app.workers.points import points
from jobs.subjects.points import EXPIRY_BATCH
from script.benches.data import points_data
from script.benches.support import settled
from script.benches.support.figures import Sample, report, say
from script.benches.support.servers import Ground, ground
from script.supervisor.errors import Stop

LOTS = 1_000_000
LOTS_OF_EACH = 3  # that are still open, see `points_data`
_NUMBER_ON = "SELECT setval(pg_get_serial_sequence('points_entries', 'id'), (SELECT max(id) FROM points_entries))"
_WRITTEN = {
    "points_entries": "SELECT * FROM points_entries WHERE kind = 'expire'",
    "points_uses": "SELECT * FROM points_uses",
    "points_lots": "SELECT l.* FROM points_lots l JOIN points_uses u ON u.member_id = l.member_id AND u.lot_id = l.id",
    "points_accounts": "SELECT * FROM points_accounts",
}


def run(arguments: list[str]) -> None:
    """Measure and print."""
    lots = int(arguments[arguments.index("--lots") + 1]) if "--lots" in arguments else LOTS
    with ground(shared_buffers="1GB") as bench:
        bench.migrated("limit")
        bench.copied("expiry", "limit")
        say(f"writing {lots:,} open lots ...")
        expired, copied = _measure(bench, members=lots // LOTS_OF_EACH)
    report("expiry", [expired], [copied], unit="lots/s", scale={"lots": lots, "durable": True})


def rehearse(bench: Ground, template: str) -> None:
    """A few lots and their limit on the smallest ground, copies of the migrated database `template`."""
    for name in ("limit", "expiry"):
        bench.copied(name, template)
    _measure(bench, members=20)


def _measure(bench: Ground, *, members: int) -> tuple[Sample, Sample]:
    """Lots per second: as they ran out, and as their rows were copied."""
    url, lots = bench.cluster.url("expiry"), members * LOTS_OF_EACH
    points_data.fill(url, members=members)
    with psycopg.connect(url) as connection:  # the rows were numbered by hand
        connection.execute(_NUMBER_ON)
    with settled.application(bench.environment("expiry")), clock.freeze(clock.now() + timedelta(days=800)):
        started = time.perf_counter()
        while points.expire_overdue_lots(limit=EXPIRY_BATCH).members:
            pass
        expired = time.perf_counter() - started
    with psycopg.connect(url) as connection:
        [left] = connection.execute("SELECT count(*) FROM points_lots WHERE remaining_points > 0").fetchone() or (0,)
        if left:
            raise Stop(f"{left} lots have not run out")
        with tempfile.TemporaryDirectory(dir=bench.folder) as folder:
            copied = _copy(connection, bench.cluster.url("limit"), Path(folder))
    return Sample(lots / expired), Sample(lots / copied)


def _copy(source: psycopg.Connection[tuple[object, ...]], url: str, folder: Path) -> float:
    """Seconds in which COPY writes the rows."""
    for table, query in _WRITTEN.items():
        with source.cursor().copy(f"COPY ({query}) TO STDOUT") as rows, (folder / table).open("wb") as file:
            for row in rows:
                file.write(row)
    with psycopg.connect(url) as target:
        target.execute("SET session_replication_role = replica")
        target.execute("TRUNCATE points_entries, points_uses, points_lots, points_accounts CASCADE")
        target.commit()
        started = time.perf_counter()
        for table in _WRITTEN:
            with target.cursor().copy(f"COPY {table} FROM STDIN") as rows:
                rows.write((folder / table).read_bytes())
        target.commit()
        return time.perf_counter() - started
