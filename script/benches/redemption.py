"""`redemption`: the verify-and-redeem endpoint over HTTP, served as in production, against pgbench writing its rows.

Both sides work on copies of one database: every coupon is redeemed once, by clerks of eight stores, 16 at a time, and
every commit waits for the disk. pgbench sends the same rows (coupon, redemption, timeline, two postings, audit, kept
answer) in one pipelined transaction of prepared statements: the fastest it can do.
`--servers` measures gunicorn beside granian, under names of their own.
"""

import http.client
import json
import re
import sys
import urllib.parse
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from script.benches.data import redemption_data
from script.benches.support import cpu, pgbench
from script.benches.support.figures import Sample, alternate, report, say
from script.benches.support.load import drive, request
from script.benches.support.servers import Ground, Served, free_port, ground
from script.supervisor import ports
from script.supervisor.errors import Stop

CONNECTIONS = 16
REQUESTS = 4_000
LIMIT_SECONDS = 5  # as long as there are coupons for the fastest client
LIMIT_SCRIPT = Path(__file__).with_name("redemption.pgbench.sql")
_CSRF = re.compile(r'name="csrf-token" content="([0-9a-f]+)"')


@dataclass(frozen=True, slots=True)
class Clerk:
    """A signed-in clerk's browser: what its requests carry."""

    cookie: str
    csrf: str


def run(arguments: list[str]) -> None:
    """Measure and print; with `--servers` also other servers, each under its own name."""
    with ground() as bench:
        bench.migrated("template")
        say("preparing coupons ...")
        redemption_data.fill(bench.environment("template"), coupons=redemption_data.COUPONS)
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
        server = stack.enter_context(bench.web("http") if command is None else _other(bench, command))
        clerks = [_sign_in(server.port, number) for number in range(redemption_data.STORES)]
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
    with bench.running("other", words, bench.environment("http", port), ready) as child:
        yield Served(port, child)


def _sign_in(port: int, number: int) -> Clerk:
    """Sign in as a browser would; the clerk has one store, so the portal opens on it."""
    page = _Page(port, "GET", "/portal/sign-in", "")
    form = {"phone": redemption_data.phone(number), "password": redemption_data.PASSWORD, "csrf_token": page.csrf}
    done = _Page(port, "POST", "/portal/sign-in", page.cookie, urllib.parse.urlencode(form))
    home = _Page(port, "GET", "/portal/me", done.cookie)
    return Clerk(cookie=done.cookie, csrf=home.csrf)


class _Page:
    """One answer of the portal: the cookies it leaves behind and the forgery token it carries."""

    def __init__(self, port: int, method: str, path: str, cookie: str, form: str | None = None) -> None:
        connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=20)
        headers = {"Cookie": cookie} | ({"Content-Type": "application/x-www-form-urlencoded"} if form else {})
        connection.request(method, path, form, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status not in (200, 303):
            raise Stop(f"{method} {path} was answered with {answer.status}: {text[:300]}")
        kept = [line.partition(";")[0] for line in answer.headers.get_all("Set-Cookie", [])]
        self.cookie = "; ".join(kept) or cookie
        found = _CSRF.search(text)
        self.csrf = found.group(1) if found else ""
        connection.close()


def _requests(clerks: list[Clerk], first: int, count: int) -> list[bytes]:
    return [_request(clerks[number % len(clerks)], number) for number in range(first, first + count)]


def _request(clerk: Clerk, number: int) -> bytes:
    body = json.dumps({"code": redemption_data.code(number), "spend_fen": 5_000}).encode()
    headers = {
        "Content-Type": "application/json",
        "Cookie": clerk.cookie,
        "X-CSRF-Token": clerk.csrf,
        "Idempotency-Key": uuid.uuid4().hex,
    }
    return request("POST", "/portal/api/redemptions", headers, body)


def _limit(bench: Ground) -> Sample:
    bench.copied("limit", "template")
    return pgbench.transactions(
        bench.cluster, "limit", LIMIT_SCRIPT, clients=CONNECTIONS, seconds=LIMIT_SECONDS, variables={"i": 0}
    )
