"""`close`: closing a month of 1,000,000 postings over 500 merchants, against one INSERT … SELECT sum … GROUP BY.

The limit sums the same rows by merchant and kind into a table without keys. Closing also locks the books, numbers and
writes the statements with their lines, totals them, moves the books and checks itself.
"""

import os
import time

from sqlalchemy import text

from app.kernel.db import atomic, db
from script.benches.support import cpu, settled
from script.benches.support.figures import Sample, alternate, report, say
from script.benches.support.servers import Ground, ground
from script.supervisor.errors import Stop

MERCHANTS = 500
POSTINGS = 1_000_000

_SUMS = """
INSERT INTO bench_sums SELECT merchant_id, kind, count(*), sum(base_fen), sum(points), sum(amount_fen)
FROM postings WHERE mall_id = :mall AND accounting_day BETWEEN :first AND :last GROUP BY merchant_id, kind
"""


def run(arguments: list[str]) -> None:
    """Measure and print; each repeat closes the same month again after its statements were taken away."""
    with ground() as bench:
        bench.migrated("close")
        assert bench.cluster.process is not None  # noqa: S101 - the server runs
        pids = (os.getpid(), bench.cluster.process.pid)
        with settled.application(bench.environment("close")):
            say(f"writing {POSTINGS:,} postings ...")
            mall_id = settled.fill(merchants=MERCHANTS, postings=POSTINGS)
            _ready()
            closed, summed = alternate(
                lambda: _close(mall_id, pids, merchants=MERCHANTS, postings=POSTINGS),
                lambda: _sum(mall_id),
                repeats=5,
            )
        scale = {"postings": POSTINGS, "merchants": MERCHANTS, "durable": True}
        report("close", closed, summed, unit="s", scale=scale)


def rehearse(bench: Ground, template: str) -> None:
    """One closing and its limit on the smallest ground, a copy of the migrated database `template`."""
    bench.copied("close", template)
    with settled.application(bench.environment("close")):
        mall_id = settled.fill(merchants=2, postings=8)
        _ready()
        _close(mall_id, merchants=2, postings=8)
        _sum(mall_id)


def _ready() -> None:
    with atomic():
        db.session.execute(
            text(
                "CREATE TABLE bench_sums (merchant_id bigint, kind text, n bigint, base_fen bigint, "
                "points bigint, fen bigint)"
            )
        )


def _close(mall_id: int, pids: tuple[int, ...] = (), *, merchants: int, postings: int) -> Sample:
    """Seconds of one closing, and CPU microseconds per posting."""
    with atomic():
        db.session.execute(text("TRUNCATE statement_lines, statements"))
        db.session.execute(text("UPDATE books SET first_open_day = :day"), {"day": settled.PERIOD})
    with cpu.spent_by(*pids) as spent:
        started = time.perf_counter()
        issued = settled.close(mall_id)
        elapsed = time.perf_counter() - started
    if issued != merchants or _summed() != postings:
        raise Stop(f"{issued} statements hold {_summed()} postings")
    return Sample(elapsed, spent.per(postings))


def _summed() -> int:
    return int(db.session.scalar(text("SELECT sum(posting_count) FROM statements")) or 0)


def _sum(mall_id: int) -> Sample:
    """Seconds of the bare sum, committed."""
    with atomic():
        db.session.execute(text("TRUNCATE bench_sums"))
    span = {"mall": mall_id, "first": settled.PERIOD, "last": settled.PERIOD.replace(day=31)}
    started = time.perf_counter()
    with atomic():
        db.session.execute(text(_SUMS), span)
    return Sample(time.perf_counter() - started)
