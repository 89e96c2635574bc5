"""`join`: members joined per second through the API, with the sandbox on the same machine playing WeChat.

One join is what a person's two taps cause: sign in by a login code, agree with a phone code, get the coupons that
joining grants. The limit is pgbench writing the rows that one join writes, in one pipelined transaction. CPU
microseconds are those of web and database; the sandbox's own are not the product's.
"""

import json
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import requests

from script.benches import join_data
from script.benches.support import cpu, pgbench
from script.benches.support.figures import Sample, alternate, report, say
from script.benches.support.servers import Ground, ground
from script.supervisor.errors import Stop
from script.supervisor.ports import LOOPBACK

CONNECTIONS = 16
JOINS = 400
LIMIT_SECONDS = 8
LIMIT_SCRIPT = Path(__file__).with_name("join.pgbench.sql")
_local = threading.local()


def run(arguments: list[str]) -> None:
    """Measure and print."""
    with ground() as bench:
        bench.migrated("template")
        scene = join_data.fill(bench.environment("template"))
        with bench.sandbox("template"):
            say("making people on the sandbox phone ...")
            people = [_make_person(bench, number) for number in range(JOINS * 3)]
            waiting = iter(people)
            served, limit = alternate(partial(_served, bench, scene, waiting), partial(_limit, bench))
        scale = {"connections": CONNECTIONS, "joins": JOINS, "durable": True}
        report("join", served, limit, unit="joins/s", scale=scale)


def _make_person(bench: Ground, number: int) -> str:
    person = {"name": f"Bench {number}", "phone": f"136{number:08d}"}
    return str(_post(f"http://{LOOPBACK}:{bench.sandbox_port}/phone/api/people", person)["id"])


def _served(bench: Ground, scene: str, people: Iterator[str]) -> Sample:
    """Joins per second on a fresh copy; the codes are made beforehand, as the phone and not the server makes them."""
    bench.copied("http", "template")
    chosen = [next(people) for _ in range(JOINS)]
    with bench.web("http") as server, ThreadPoolExecutor(CONNECTIONS) as pool:
        codes = list(pool.map(partial(_codes, bench), chosen))
        assert bench.cluster.process is not None  # noqa: S101 - the server runs
        with cpu.spent_by(server.pid, bench.cluster.process.pid) as spent:
            started = time.perf_counter()
            list(pool.map(partial(_join, server.port, scene), codes))
            elapsed = time.perf_counter() - started
    return Sample(JOINS / elapsed, spent.per(JOINS))


def _codes(bench: Ground, person: str) -> tuple[str, str]:
    base = f"http://{LOOPBACK}:{bench.sandbox_port}/phone/api/people/{person}"
    return str(_post(f"{base}/login-code")["code"]), str(_post(f"{base}/phone-code")["code"])


def _join(port: int, scene: str, codes: tuple[str, str]) -> None:
    login_code, phone_code = codes
    base, visit = f"http://{LOOPBACK}:{port}/api/v1", uuid.uuid4().hex
    arrival = {"scene": scene, "visit_key": visit}
    session = _post(f"{base}/sessions/mini-program", {"code": login_code, **arrival})
    wish = {"consent_version": join_data.CONSENT_VERSION, "phone_code": phone_code, **arrival}
    joined = _post(f"{base}/members/me/join", wish, token=str(session["token"]))
    if len(joined["granted"]) != join_data.GRANTED:
        raise Stop(f"a join granted {len(joined['granted'])} coupons")


def _post(url: str, body: Mapping[str, object] | None = None, *, token: str = "") -> dict[str, Any]:
    """POST JSON over this thread's kept connection."""
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
        _local.session.trust_env = False
    headers = {"Idempotency-Key": uuid.uuid4().hex} | ({"Authorization": f"Bearer {token}"} if token else {})
    answer = _local.session.post(url, json=body or {}, headers=headers, timeout=30)
    if answer.status_code >= 300:
        raise Stop(f"POST {url} was answered with {answer.status_code}: {answer.text[:300]}")
    return dict(json.loads(answer.content)) if answer.content else {}


def _limit(bench: Ground) -> Sample:
    bench.copied("limit", "template")
    return pgbench.transactions(
        bench.cluster, "limit", LIMIT_SCRIPT, clients=CONNECTIONS, seconds=LIMIT_SECONDS, variables={"i": 0}
    )
