"""`export`: a statement of 100,000 rows as XLSX and as CSV, against COPY to CSV of the same explained rows.

Lines: `export-xlsx`, `export-csv` (seconds), and `export-memory`: the process's peak after both downloads of the large
statement, against its peak after those of one a tenth as large.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from sqlalchemy import true

from app.kernel.fastpath.copies import copy_out
from app.settlement.exports import exports
from app.settlement.statements import queries
from app.settlement.statements.explained import select_explained
from app.settlement.statements.models import Statement
from app.settlement.statements.queries import NamedStatement
from script.benches.support import cpu, settled
from script.benches.support.figures import Sample, alternate, report, say
from script.benches.support.servers import Ground, ground

LINES = 100_000
SMALL = 10_000


def run(arguments: list[str]) -> None:
    """Measure and print."""
    with ground() as bench:
        small_peak, large_peak = _peak(bench, SMALL), 0.0
        bench.migrated("large")
        with settled.application(bench.environment("large")):
            named = _statement(LINES)
            large_peak = _peak_of(named, bench.folder)
            scale = {"lines": LINES, "durable": True}
            report("export-memory", [Sample(large_peak)], [Sample(small_peak)], unit="MB", scale=scale)
            pids = _pids(bench)
            xlsx, plain, copied = alternate(
                lambda: _timed(bench.folder, lambda out: exports.write_xlsx(named, out), pids),
                lambda: _timed(bench.folder, lambda out: exports.write_csv(named, out), pids),
                lambda: _timed(bench.folder, lambda out: _copy(named, out), pids),
                repeats=5,
            )
        report("export-xlsx", xlsx, copied, unit="s", scale=scale)
        report("export-csv", plain, copied, unit="s", scale=scale)


def rehearse(bench: Ground, template: str) -> None:
    """Both files and their limit of the smallest statement, in a copy of the migrated database `template`."""
    bench.copied("export", template)
    with settled.application(bench.environment("export")):
        named = _statement(4)
        _peak_of(named, bench.folder)
        _timed(bench.folder, lambda out: _copy(named, out))


def _peak(bench: Ground, lines: int) -> float:
    bench.migrated("small")
    with settled.application(bench.environment("small")):
        return _peak_of(_statement(lines), bench.folder)


def _statement(lines: int) -> list[NamedStatement]:
    """The only merchant's statement of that many postings."""
    say(f"writing and closing {lines:,} postings ...")
    settled.close(settled.fill(merchants=1, postings=lines))
    return list(queries.list_statements(visible=true()))


def _peak_of(named: list[NamedStatement], folder: Path) -> float:
    """The most memory this process ever held, in MB, once both downloads are written."""
    for write in (exports.write_xlsx, exports.write_csv):
        with (folder / "export").open("wb") as out:
            write(named, out)
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _pids(bench: Ground) -> tuple[int, int]:
    assert bench.cluster.process is not None  # noqa: S101 - the server runs
    return os.getpid(), bench.cluster.process.pid


def _timed(folder: Path, write: Callable[[IO[bytes]], None], pids: tuple[int, ...] = ()) -> Sample:
    """Seconds to write one file, and CPU microseconds per row."""
    with cpu.spent_by(*pids) as spent, (folder / "export").open("wb") as out:
        started = time.perf_counter()
        write(out)
        elapsed = time.perf_counter() - started
    return Sample(elapsed, spent.per(LINES))


def _copy(named: list[NamedStatement], out: IO[bytes]) -> None:
    with copy_out(select_explained(Statement.id == named[0].statement.id), "FORMAT csv") as blocks:
        for block in blocks:
            out.write(block)
