"""`purchase`: a till's receipt over HTTP with everything that follows from it, against pgbench writing its rows.

Both sides work on copies of one database: receipts of members who have bought before, 16 at a time, in eight stores of
as many merchants, signed by one till, and every commit waits for the disk. pgbench writes the same rows (nonce, receipt
number, purchase, timeline, points with their lot and account, two postings, growth and its account) in one pipelined
transaction of prepared statements. Before anything is measured one of each is looked at: the bench stops when they do
not fill the same columns.
"""

import json
from functools import partial
from pathlib import Path

from app.kernel import clock
from app.kernel.security import signing
from app.kernel.security.signing import Call
from script.benches.data import purchase_data
from script.benches.data.purchase_data import MEMBERS, PAID_FEN, SECRET, TILL
from script.benches.support import cpu, pgbench, rows
from script.benches.support.figures import Sample, alternate, report, say
from script.benches.support.load import drive, request
from script.benches.support.servers import Ground, ground

CONNECTIONS = 16
REQUESTS = 2_000
WARM = 200
LIMIT_SECONDS = 5
LIMIT_SCRIPT = Path(__file__).with_name("purchase.pgbench.sql")
TARGET = "/open/v1/receipts"


def run(arguments: list[str]) -> None:
    """Measure and print."""
    with ground() as bench:
        bench.migrated("template")
        say("preparing members ...")
        purchase_data.fill(bench.environment("template"), members=MEMBERS)
        ensure_same_rows(bench)
        served, limit = alternate(partial(_served, bench), partial(_limit, bench))
        scale = {"connections": CONNECTIONS, "requests": REQUESTS, "durable": True}
        report("purchase", served, limit, unit="receipts/s", scale=scale)


def rehearse(bench: Ground, template: str) -> None:
    """One receipt and its limit on the smallest ground, a copy of the migrated database `template`."""
    bench.copied("template", template)
    purchase_data.fill(bench.environment("template"), members=2)
    ensure_same_rows(bench)


def ensure_same_rows(bench: Ground) -> None:
    """Raises Stop when the limit does not write what one receipt writes."""
    url = bench.copied("http", "template")
    with bench.web("http", workers=1) as server:
        recorded = rows.filled_by(lambda: drive(server.port, [receipt(1)]).ensure_all(201), url)
    url = bench.copied("limit", "template")
    once = partial(pgbench.once, bench.cluster, "limit", LIMIT_SCRIPT, variables={"i": 0})
    rows.ensure_same(recorded, rows.filled_by(once, url), names=("a receipt", LIMIT_SCRIPT.name))


def receipt(number: int) -> bytes:
    """The signed request by which the till tells of the n-th purchase."""
    now = clock.now()
    said = {
        "source": "bench",
        "receipt_no": f"bench-{number}",
        "store_code": purchase_data.store_of(number),
        "occurred_at": now.isoformat(),
        "amount_fen": PAID_FEN,
        "phone": purchase_data.phone(number % MEMBERS),
    }
    body = json.dumps(said).encode()
    signed = signing.headers(TILL, SECRET, Call("POST", TARGET, body), now=now)
    return request("POST", TARGET, {"Content-Type": "application/json", **signed}, body)


def _served(bench: Ground) -> Sample:
    """Receipts per second over HTTP on a fresh copy."""
    bench.copied("http", "template")
    with bench.web("http") as server:
        drive(server.port, map(receipt, range(WARM)), connections=CONNECTIONS).ensure_all(201)
        assert bench.cluster.process is not None  # noqa: S101 - the server runs
        told = list(map(receipt, range(WARM, WARM + REQUESTS)))
        with cpu.spent_by(server.pid, bench.cluster.process.pid) as spent:
            answers = drive(server.port, told, connections=CONNECTIONS).ensure_all(201)
    return Sample(answers.per_second, spent.per(answers.count))


def _limit(bench: Ground) -> Sample:
    bench.copied("limit", "template")
    return pgbench.transactions(
        bench.cluster, "limit", LIMIT_SCRIPT, clients=CONNECTIONS, seconds=LIMIT_SECONDS, variables={"i": 0}
    )
