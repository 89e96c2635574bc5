"""`behaviour`: events of the mini-program per second through their endpoint, against COPY of every row it wrote.

Telephones of 200 members send batches of 100 events, the most that one may hold, 16 at a time, to the product as in
production. The limit takes all rows that came of it (events and days of the timeline), as COPY wrote them out of that
database, into an empty copy of it: the same partitions, constraints and indexes, one transaction. Both wait for the
disk.
"""

import time
from functools import partial

import psycopg

from script.benches.data import behaviour_data
from script.benches.data.behaviour_data import EVENTS
from script.benches.support import cpu, rows
from script.benches.support.figures import Sample, alternate, report, say
from script.benches.support.load import drive
from script.benches.support.servers import Ground, ground
from script.supervisor.errors import Stop

CONNECTIONS = 16
BATCHES = 1_000
WARM = 100
MEMBERS = 200
TABLES = ("behaviour_events", "timeline_events")


def run(arguments: list[str]) -> None:
    """Measure and print."""
    with ground() as bench:
        bench.migrated("template")
        say(f"preparing {MEMBERS} members ...")
        tokens = behaviour_data.fill(bench.environment("template"), people=MEMBERS)
        served, limit = alternate(partial(_served, bench, tokens), partial(_copy, bench))
        scale = {"connections": CONNECTIONS, "batches": BATCHES, "events": EVENTS, "durable": True}
        report("behaviour", served, limit, unit="events/s", scale=scale)


def rehearse(bench: Ground, template: str) -> None:
    """Two batches and their limit on the smallest ground, a copy of the migrated database `template`."""
    bench.copied("template", template)
    tokens = behaviour_data.fill(bench.environment("template"), people=2)
    _served(bench, tokens, warm=1, batches=2, workers=1)
    _copy(bench, events=2 * EVENTS)


def _served(bench: Ground, tokens: list[str], *, warm: int = WARM, batches: int = BATCHES, workers: int = 2) -> Sample:
    """Events per second over HTTP on a fresh copy; then copies out what they wrote."""
    url = bench.copied("http", "template")
    with bench.web("http", workers=workers) as server:
        drive(server.port, behaviour_data.batches(tokens, warm, events=1), connections=CONNECTIONS).ensure_all(200)
        _empty(url)
        assert bench.cluster.process is not None  # noqa: S101 - the server runs
        with cpu.spent_by(server.pid, bench.cluster.process.pid) as spent:
            sent = behaviour_data.batches(tokens, batches)
            answers = drive(server.port, sent, connections=CONNECTIONS).ensure_all(200)
    _ensure_kept(url, batches * EVENTS)
    rows.copy_out(url, TABLES, bench.folder / "behaviour-rows")
    return Sample(answers.per_second * EVENTS, spent.per(batches * EVENTS))


def _empty(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(f"TRUNCATE {', '.join(TABLES)}")


def _ensure_kept(url: str, events: int) -> None:
    """Raises Stop when some were refused or known: that would be quicker."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM behaviour_events").fetchone()
    if row != (events,):
        raise Stop(f"of {events} events {row} were kept")


def _copy(bench: Ground, *, events: int = BATCHES * EVENTS) -> Sample:
    """Events per second if what came of them only had to be copied in, committed."""
    url = bench.copied("copied", "template")
    _empty(url)
    started = time.perf_counter()
    rows.copy_in(url, TABLES, bench.folder / "behaviour-rows")
    return Sample(events / (time.perf_counter() - started))
