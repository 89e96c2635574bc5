"""`redemption`: the verify-and-redeem endpoint over HTTP, served as in production, against pgbench writing its rows.

Both sides work on copies of one database: every coupon is redeemed once, 16 at a time, by eighty clerks of eight
stores, each behind an address of their own, and every commit waits for the disk. pgbench sends the same rows (coupon,
redemption, timeline, two postings, audit, kept answer) in one pipelined transaction of prepared statements: the fastest
it can do.
`--servers` measures gunicorn beside granian, under names of their own.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from script.benches.data import redemption_data
from script.benches.support import cpu, pgbench, tills
from script.benches.support.figures import Sample, alternate, report, say
from script.benches.support.load import drive
from script.benches.support.servers import Ground, Served, free_port, ground
from script.benches.support.tills import Browser
from script.supervisor import ports

CONNECTIONS = 16
REQUESTS = 4_000
LIMIT_SECONDS = 5  # as long as there are coupons for the fastest client
LIMIT_SCRIPT = Path(__file__).with_name("redemption.pgbench.sql")


def run(arguments: list[str]) -> None:
    """Measure and print; with `--servers` also other servers, each under its own name."""
    with ground() as bench:
        bench.migrated("template")
        say("preparing coupons ...")
        redemption_data.fill(
            bench.environment("template"), coupons=redemption_data.COUPONS, clerks=redemption_data.CLERKS
        )
        servers: dict[str, list[str] | None] = {"redemption": None}
        if "--servers" in arguments:
            servers |= _other_servers()
        measures = [partial(_served, bench, command) for command in servers.values()]
        *measured, limit = alternate(*measures, partial(_limit, bench))
        scale = {"connections": CONNECTIONS, "requests": REQUESTS, "durable": True}
        for name, samples in zip(servers, measured, strict=True):
            report(name, samples, limit, unit="redemptions/s", scale=scale)


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
        clerks = tills.clerks(server.port)
        drive(server.port, _requests(clerks, 0, 200), connections=CONNECTIONS).ensure_all(201)
        assert bench.cluster.process is not None  # noqa: S101 - the server runs
        with cpu.spent_by(server.pid, bench.cluster.process.pid) as spent:
            answers = drive(server.port, _requests(clerks, 200, REQUESTS), connections=CONNECTIONS).ensure_all(201)
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
