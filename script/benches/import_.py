"""`import`: rows of a purchases file per second, against COPY of every row that the import writes.

Two figures, `import` (--effects none) and `import-ledger`. The limit takes all rows of all tables that the import
wrote, as COPY wrote them out of the imported database, into an empty copy of it: the same columns, constraints and
indexes, one transaction. Both wait for the disk.
"""

import os
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg

from app.flows.history import parsing, receipts
from app.flows.purchases import Effects
from app.kernel import clock
from jobs.imports import loading
from script.benches.support import cpu, history, settled
from script.benches.support.figures import Sample, alternate, report, say
from script.benches.support.servers import Ground, ground
from script.supervisor.errors import Stop

ROWS = 60_000
# Every table that an import writes, those first that others refer to.
TABLES = (
    "receipt_numbers", "purchases", "purchase_lines", "receipt_inbox", "timeline_events", "points_accounts",
    "points_entries", "points_lots", "points_uses", "growth_accounts", "growth_entries", "postings",
)  # fmt: skip
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Scene:
    """The servers, the file, and the database's process."""

    bench: Ground
    file: Path
    pid: int

    def export(self, effects: Effects, table: str) -> Path:
        return self.file.with_name(f"{effects.value}-{table}.copy")


def run(arguments: list[str]) -> None:
    """Measure and print."""
    with ground() as bench:
        bench.migrated("template")
        say(f"preparing {history.MEMBERS:,} members and {ROWS:,} rows ...")
        with settled.application(bench.environment("template")):
            history.fill()
        file = bench.folder / "purchases.csv"
        history.write(file, ROWS)
        assert bench.cluster.process is not None  # noqa: S101 - the server runs
        scene = Scene(bench, file, bench.cluster.process.pid)
        measures = [partial(act, scene, effects) for effects in Effects for act in (_import, _copy)]
        none, none_limit, ledger, ledger_limit = alternate(*measures)
        scale = {"rows": ROWS, "members": history.MEMBERS, "refunds_percent": 1, "durable": True}
        report("import", none, none_limit, unit="rows/s", scale=scale)
        report("import-ledger", ledger, ledger_limit, unit="rows/s", scale=scale)


def _import(scene: Scene, effects: Effects) -> Sample:
    """Rows per second of `flask import purchases`, without the start of the process; then exports what it wrote."""
    scene.bench.copied("imported", "template")
    with settled.application(scene.bench.environment("imported")):
        now = clock.now()
        read = partial(parsing.read_purchases, now=now)
        flow = partial(receipts.load, effects=effects, now=now)
        with cpu.spent_by(os.getpid(), scene.pid) as spent:
            started = time.perf_counter()
            done = loading.load_file(scene.file, parsing.PURCHASES, read, flow, show=False)
            elapsed = time.perf_counter() - started
    if done.tally.new != ROWS:
        raise Stop(f"only {done.tally.new} of {ROWS} rows came in")
    _export(scene, effects)
    return Sample(ROWS / elapsed, spent.per(ROWS))


def _export(scene: Scene, effects: Effects) -> None:
    with psycopg.connect(scene.bench.cluster.url("imported")) as connection:
        for table in TABLES:
            with (
                connection.cursor().copy(f"COPY {table} TO STDOUT") as copy,
                scene.export(effects, table).open("wb") as file,
            ):
                for part in copy:
                    file.write(part)


def _copy(scene: Scene, effects: Effects) -> Sample:
    """Rows of the file per second if its consequences only had to be copied in, committed."""
    scene.bench.copied("copied", "template")
    with psycopg.connect(scene.bench.cluster.url("copied")) as connection:
        started = time.perf_counter()
        for table in TABLES:
            with (
                connection.cursor().copy(f"COPY {table} FROM STDIN") as copy,
                scene.export(effects, table).open("rb") as file,
            ):
                while part := file.read(_CHUNK):
                    copy.write(part)
        connection.commit()
        return Sample(ROWS / (time.perf_counter() - started))
