"""`redemption`: the verify-and-redeem endpoint over HTTP, served as in production, against pgbench writing its rows.

Both sides work on copies of one database: every coupon is redeemed once, 16 at a time, by eighty clerks of eight
stores, each behind an address of their own, and every commit waits for the disk. pgbench sends the same rows (coupon,
redemption, timeline, two postings, audit, kept answer) in one pipelined transaction of prepared statements: the fastest
it can do. Before anything is measured one of each is looked at: the bench stops when they do not fill the same columns.
`--servers` measures gunicorn beside granian, under names of their own.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from merchant_portal.kit import attempts
from script.benches.data import redemption_data
from script.benches.support import cpu, pgbench, rows, tills
from script.benches.support.figures import Sample, alternate, report, say
from script.benches.support.load import drive
from script.benches.support.servers import Ground, Served, free_port, ground
from script.benches.support.tills import Browser
from script.supervisor import ports
from script.supervisor.errors import Stop

CONNECTIONS = 16
REQUESTS = 4_000
WARM = 200
CLERKS = 80  # so many that the throttle lets the load through, which is more than some would need
LIMIT_SECONDS = 5  # as long as there are coupons for the fastest client
LIMIT_SCRIPT = Path(__file__).with_name("redemption.pgbench.sql")


def run(arguments: list[str]) -> None:
    """Measure and print; with `--servers` also other servers, each under its own name."""
    with ground() as bench:
        bench.migrated("template")
        say("preparing coupons ...")
        redemption_data.fill(bench.environment("template"), coupons=redemption_data.COUPONS, clerks=CLERKS)
        ensure_same_rows(bench)
        servers: dict[str, list[str] | None] = {"redemption": None}
        if "--servers" in arguments:
            servers |= _other_servers()
        measures = [partial(_served, bench, command) for command in servers.values()]
        *measured, limit = alternate(*measures, partial(_limit, bench))
        scale = {"connections": CONNECTIONS, "requests": REQUESTS, "durable": True}
        for name, samples in zip(servers, measured, strict=True):
            report(name, samples, limit, unit="redemptions/s", scale=scale)


def rehearse(bench: Ground, template: str) -> None:
    """One redemption and its limit on the smallest ground, a copy of the migrated database `template`."""
    if (WARM + REQUESTS) / CLERKS > attempts.PER_PERSON:
        raise Stop(f"{CLERKS} clerks may not redeem {WARM + REQUESTS} coupons in a minute")
    bench.copied("template", template)
    redemption_data.fill(bench.environment("template"), coupons=2)
    ensure_same_rows(bench)


def ensure_same_rows(bench: Ground) -> None:
    """Raises Stop when the limit does not write what one redemption writes."""
    url = bench.copied("http", "template")
    with bench.web("http", workers=1, settings=tills.HOPS) as server:
        request = [tills.redemption(tills.clerk(server.port, 0), 1)]
        redeemed = rows.filled_by(lambda: drive(server.port, request).ensure_all(201), url)
    url = bench.copied("limit", "template")
    once = partial(pgbench.once, bench.cluster, "limit", LIMIT_SCRIPT, variables={"i": 0})
    rows.ensure_same(redeemed, rows.filled_by(once, url), names=("a redemption", LIMIT_SCRIPT.name))


def _other_servers() -> dict[str, list[str] | None]:
    gunicorn = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:{port}", "--log-level", "error"]
    factory = "wsgi:create_app()"
    # Threads, because its plain workers close every connection, and the load keeps them.
    return {
        "redemption-gunicorn-gthread": [*gunicorn, "--workers", "2", "--threads", "8", factory],
    }


def _served(bench: Ground, command: list[str] | None) -> Sample:
    """Redemptions per second over HTTP on a fresh copy."""
    bench.copied("http", "template")
    with ExitStack() as stack:
        served = bench.web("http", settings=tills.HOPS) if command is None else _other(bench, command)
        server = stack.enter_context(served)
        clerks = [tills.clerk(server.port, number) for number in range(CLERKS)]
        drive(server.port, _requests(clerks, 0, WARM), connections=CONNECTIONS).ensure_all(201)
        assert bench.cluster.process is not None  # noqa: S101 - the server runs
        with cpu.spent_by(server.pid, bench.cluster.process.pid) as spent:
            answers = drive(server.port, _requests(clerks, WARM, REQUESTS), connections=CONNECTIONS).ensure_all(201)
    return Sample(answers.per_second, spent.per(answers.count))


@contextmanager
def _other(bench: Ground, command: list[str]) -> Iterator[Served]:
    """The product behind another server, on the same database with the same settings."""
    port = free_port()
    words = [word.format(port=port) for word in command]
    ready = partial(ports.is_healthy, port, "/healthz")
    with bench.running("other", words, bench.environment("http", port) | tills.HOPS, ready) as child:
        yield Served(port, child)


def _requests(clerks: list[Browser], first: int, count: int) -> list[bytes]:
    return [tills.redemption(clerks[number % len(clerks)], number) for number in range(first, first + count)]


def _limit(bench: Ground) -> Sample:
    bench.copied("limit", "template")
    return pgbench.transactions(
        bench.cluster, "limit", LIMIT_SCRIPT, clients=CONNECTIONS, seconds=LIMIT_SECONDS, variables={"i": 0}
    )
