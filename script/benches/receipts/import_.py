"""`import`: rows of a purchases file per second, against COPY of every row that the import writes.

`import` (--effects none) and `import-ledger` bring in receipts; `import-refunds` also with the ledger, one row in a
hundred a refund, which goes through the ordinary flow. The limit takes all rows of all tables that the import wrote, as
COPY wrote them out of the imported database, into an empty copy of it: the same columns, constraints and indexes, one
transaction. Both wait for the disk.
"""

import os
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.flows.history import receipts
from app.flows.history.files import parsing
from app.flows.history.files.rows import purchase_rows
from app.flows.purchases import Effects
from app.kernel import clock
from cli.imports import loading
from script.benches.support import cpu, history, rows, settled
from script.benches.support.figures import Sample, alternate, report, say
from script.benches.support.servers import Ground, ground
from script.supervisor.errors import Stop

ROWS = 40_000
# name: effects, refunds in a hundred rows
FIGURES = {
    "import": (Effects.NONE, 0),
    "import-ledger": (Effects.LEDGER, 0),
    "import-refunds": (Effects.LEDGER, 1),
}
# Every table that an import writes, those first that others refer to.
TABLES = (
    "receipt_numbers",
    "purchases",
    "purchase_lines",
    "receipt_inbox",
    "timeline_events",
    "points_accounts",
    "points_entries",
    "points_lots",
    "points_uses",
    "growth_accounts",
    "growth_entries",
    "postings",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One figure's file and effects, the servers, and the database's process."""

    bench: Ground
    name: str
    effects: Effects
    pid: int
    rows: int = ROWS

    @property
    def file(self) -> Path:
        return self.bench.folder / f"{self.name}.csv"

    @property
    def written(self) -> Path:
        return self.bench.folder / f"{self.name}-rows"


def run(arguments: list[str]) -> None:
    """Measure and print."""
    with ground() as bench:
        bench.migrated("template")
        say(f"preparing {history.MEMBERS:,} members and {ROWS:,} rows ...")
        with settled.application(bench.environment("template")):
            history.fill()
        assert bench.cluster.process is not None  # noqa: S101 - the server runs
        scenes = [Scene(bench, name, effects, bench.cluster.process.pid) for name, (effects, _) in FIGURES.items()]
        for scene in scenes:
            history.write(scene.file, ROWS, refunds_percent=FIGURES[scene.name][1])
        samples = alternate(*(partial(act, scene) for scene in scenes for act in (_import, _copy)))
        for scene, measured, limit in zip(scenes, samples[::2], samples[1::2], strict=True):
            percent = FIGURES[scene.name][1]
            scale = {"rows": ROWS, "members": history.MEMBERS, "refunds_percent": percent, "durable": True}
            report(scene.name, measured, limit, unit="rows/s", scale=scale)


def rehearse(bench: Ground, template: str) -> None:
    """A figure with every effect and its limit on the smallest ground, a copy of the migrated database `template`."""
    bench.copied("template", template)
    with settled.application(bench.environment("template")):
        history.fill(members=20)
    scene = Scene(bench, "rehearsal", Effects.LEDGER, os.getpid(), rows=100)
    history.write(scene.file, scene.rows, members=20, refunds_percent=10)
    _import(scene)
    _copy(scene)


def _import(scene: Scene) -> Sample:
    """Rows per second of `flask import purchases`, without the start of the process; then exports what it wrote."""
    scene.bench.copied("imported", "template")
    with settled.application(scene.bench.environment("imported")):
        now = clock.now()
        read = partial(purchase_rows.read_purchases, now=now)
        flow = partial(receipts.load, effects=scene.effects, now=now)
        with cpu.spent_by(os.getpid(), scene.pid) as spent:
            started = time.perf_counter()
            done = loading.load_file(scene.file, parsing.PURCHASES, read, flow, show=False)
            elapsed = time.perf_counter() - started
    if done.tally.new != scene.rows:
        raise Stop(f"only {done.tally.new} of {scene.rows} rows came in")
    rows.copy_out(scene.bench.cluster.url("imported"), TABLES, scene.written)
    return Sample(scene.rows / elapsed, spent.per(scene.rows))


def _copy(scene: Scene) -> Sample:
    """Rows of the file per second if its consequences only had to be copied in, committed."""
    url = scene.bench.copied("copied", "template")
    started = time.perf_counter()
    rows.copy_in(url, TABLES, scene.written)
    return Sample(scene.rows / (time.perf_counter() - started))
