"""`expiry`: lots that run out by the nightly job, as it runs its batches, against COPY of every row that this writes.

The rows are entries, uses, and the new versions of lots and accounts, as COPY wrote them out of the database into an
empty copy of it: the same columns and indexes, one transaction, foreign keys unasked. Each repeat begins with the same
lots. `--lots N` takes fewer.
"""

import os
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

import psycopg
from flask import current_app

from app.kernel import clock
from jobs import runner
from jobs.schedule import find_job
from jobs.tools import Tools
from script.benches.data import points_data
from script.benches.support import cpu, settled
from script.benches.support.figures import REPEATS, Sample, alternate, report, say
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
        bench.copied("filled", "limit")
        say(f"writing {lots:,} open lots ...")
        expired, copied = _measure(bench, members=lots // LOTS_OF_EACH, repeats=REPEATS)
    report("expiry", expired, copied, unit="lots/s", scale={"lots": lots, "durable": True})


def rehearse(bench: Ground, template: str) -> None:
    """A few lots and their limit on the smallest ground, copies of the migrated database `template`."""
    for name in ("limit", "filled"):
        bench.copied(name, template)
    _measure(bench, members=20, repeats=1)


def _measure(bench: Ground, *, members: int, repeats: int) -> list[list[Sample]]:
    """Lots per second: as they ran out, and as their rows were copied."""
    points_data.fill(bench.cluster.url("filled"), members=members)
    with psycopg.connect(bench.cluster.url("filled")) as connection:  # the rows were numbered by hand
        connection.execute(_NUMBER_ON)
    lots = members * LOTS_OF_EACH
    return alternate(lambda: _expire(bench, lots), lambda: _copy(bench, lots), repeats=repeats)


def _expire(bench: Ground, lots: int) -> Sample:
    """The job, on the lots as they were filled in."""
    url = bench.copied("expiry", "filled")
    bench.cluster.psql("CHECKPOINT")
    with settled.application(bench.environment("expiry")), clock.freeze(clock.now() + timedelta(days=800)):
        with cpu.spent_by(os.getpid(), _server(bench)) as spent:
            started = time.perf_counter()
            _run_job("expire_points")
            elapsed = time.perf_counter() - started
    with psycopg.connect(url) as connection:
        [left] = connection.execute("SELECT count(*) FROM points_lots WHERE remaining_points > 0").fetchone() or (0,)
    if left:
        raise Stop(f"{left} lots have not run out")
    return Sample(lots / elapsed, spent.per(lots))


def _run_job(name: str) -> None:
    job, parts = find_job(name), current_app.extensions
    if job is None:
        raise Stop(f"there is no job {name}")
    tools = Tools(settings=parts["huitou"], gateway=parts["huitou.gateway"], gate=parts["huitou.gate"])
    runner.run(job, tools, stopping=threading.Event())


def _copy(bench: Ground, lots: int) -> Sample:
    """The rows that the job wrote, copied into empty tables."""
    with tempfile.TemporaryDirectory(dir=bench.folder) as name:
        folder = Path(name)
        _copy_out(bench.cluster.url("expiry"), folder)
        with psycopg.connect(bench.cluster.url("limit")) as target:
            target.execute("SET session_replication_role = replica")
            target.execute("TRUNCATE points_entries, points_uses, points_lots, points_accounts CASCADE")
            target.commit()
            with cpu.spent_by(_server(bench)) as spent:
                started = time.perf_counter()
                for table in _WRITTEN:
                    with target.cursor().copy(f"COPY {table} FROM STDIN") as rows:
                        rows.write((folder / table).read_bytes())
                target.commit()
                elapsed = time.perf_counter() - started
    return Sample(lots / elapsed, spent.per(lots))


def _copy_out(url: str, folder: Path) -> None:
    with psycopg.connect(url) as source:
        for table, query in _WRITTEN.items():
            with source.cursor().copy(f"COPY ({query}) TO STDOUT") as rows, (folder / table).open("wb") as file:
                for row in rows:
                    file.write(row)


def _server(bench: Ground) -> int:
    assert bench.cluster.process is not None  # noqa: S101 - the server runs
    return bench.cluster.process.pid
