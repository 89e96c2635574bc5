"""`points-proof`: proving 10,000,000 entries of 1,000,000 members, against a bare `sum … group by` of the same table.

The proof reads accounts, entries and lots at one moment, proves every balance, running balance and lot, sums all
entries by way and mall, and keeps what it found; the limit adds up each member's entries. `--entries N` fills less.
"""

import time

from sqlalchemy import text

from app.kernel.db import db, one_moment, take_long
from app.workers.points import points
from script.benches.data import points_data
from script.benches.support import cpu, settled
from script.benches.support.figures import Sample, alternate, report, say
from script.benches.support.servers import Ground, ground
from script.supervisor.errors import Stop

ENTRIES = 10_000_000
REPEATS = 5

_LIMIT = "SELECT sum(points) FROM (SELECT sum(points) AS points FROM points_entries GROUP BY member_id) AS each"


def run(arguments: list[str]) -> None:
    """Measure and print."""
    entries = int(arguments[arguments.index("--entries") + 1]) if "--entries" in arguments else ENTRIES
    with ground(shared_buffers="1GB") as bench:
        bench.migrated("proof")
        say(f"writing {entries:,} entries ...")
        proved, summed = _measure(bench, members=entries // points_data.ENTRIES, repeats=REPEATS)
    report("points-proof", proved, summed, unit="s", scale={"entries": entries, "durable": True})


def rehearse(bench: Ground, template: str) -> None:
    """One proof and its limit on the smallest ground, a copy of the migrated database `template`."""
    bench.copied("proof", template)
    _measure(bench, members=20, repeats=1)


def _measure(bench: Ground, *, members: int, repeats: int) -> list[list[Sample]]:
    entries = points_data.fill(bench.cluster.url("proof"), members=members)
    assert bench.cluster.process is not None  # noqa: S101 - the server runs
    pid = bench.cluster.process.pid
    with settled.application(bench.environment("proof")):
        return alternate(lambda: _prove(entries, pid), lambda: _sum(entries, pid), repeats=repeats)


def _prove(entries: int, pid: int) -> Sample:
    with cpu.spent_by(pid) as spent:
        started = time.perf_counter()
        found = points.prove_accounts()
        elapsed = time.perf_counter() - started
    if found.entries != entries or not found.is_whole:
        raise Stop(f"{found.entries} entries were proved, {found.differing} accounts differ")
    return Sample(elapsed, spent.per(entries))


def _sum(entries: int, pid: int) -> Sample:
    with cpu.spent_by(pid) as spent:
        started = time.perf_counter()
        with one_moment():
            take_long()
            found = db.session.scalar(text(_LIMIT))
        elapsed = time.perf_counter() - started
    if int(found or 0) != entries * points_data.LEFT_OF_EACH:
        raise Stop(f"the entries add up to {found}")
    return Sample(elapsed, spent.per(entries))
