"""`join`: members joined per second through the API, with WeChat played on the same machine.

One join is what a person's two taps cause: sign in by a login code, agree with a phone code, get the coupons that
joining grants. All sign in, then all join; the time is that of both. The limit is pgbench writing the rows that one
join writes, in one pipelined transaction. Before anything is measured one of each is looked at: the bench stops when
they do not fill the same columns of the same tables.

Codes are made beforehand, as the phone and not the server makes them, and the load comes from a bare event loop
(`support.load`). WeChat is `support.platform` and not the sandbox: the sandbox keeps people, spent codes and a log of
requests in a database of its own, which took more of the two cores than the product. What the product sends and gets is
the same. CPU microseconds are those of web and database, not the platform's.
"""

import json
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from script.benches.data import join_data
from script.benches.support import cpu, pgbench, rows, tills
from script.benches.support.figures import Sample, alternate, report
from script.benches.support.load import Answers, drive, request
from script.benches.support.servers import Ground, ground
from script.supervisor import ports
from script.supervisor.errors import Stop

CONNECTIONS = 16
JOINS = 800
WARM = 100
LIMIT_SECONDS = 8
LIMIT_SCRIPT = Path(__file__).with_name("join.pgbench.sql")
_ONCE_A_PROCESS = "platform_tokens"  # written when WeChat is called first, not by every join


def run(arguments: list[str]) -> None:
    """Measure and print."""
    with ground() as bench:
        bench.migrated("template")
        scene = join_data.fill(bench.environment("template"))
        with platform(bench):
            ensure_same_rows(bench, scene)
            served, limit = alternate(partial(_served, bench, scene), partial(_limit, bench))
        scale = {"connections": CONNECTIONS, "joins": JOINS, "durable": True}
        report("join", served, limit, unit="joins/s", scale=scale)


@contextmanager
def platform(bench: Ground) -> Iterator[None]:
    """WeChat on the port where the product looks for it."""
    port = bench.sandbox_port
    command = [sys.executable, "-m", "script.benches.support.platform", str(port)]
    with bench.running("platform", command, bench.environment("template"), lambda: ports.answers(port)):
        yield


def rehearse(bench: Ground, template: str) -> rows.Filled:
    """One join and its limit on a copy of the migrated database `template`; returns what a join fills."""
    bench.copied("template", template)
    scene = join_data.fill(bench.environment("template"))
    with platform(bench):
        return ensure_same_rows(bench, scene)


def ensure_same_rows(bench: Ground, scene: str) -> rows.Filled:
    """What one join fills; raises Stop when the limit does not write the same."""
    url = bench.copied("http", "template")
    with bench.web("http", workers=1, settings=tills.HOPS) as server:
        joined = rows.filled_by(partial(join, server.port, scene, range(1)), url)
    for column in [key for key in joined if key[0] == _ONCE_A_PROCESS]:
        del joined[column]
    url = bench.copied("limit", "template")
    once = partial(pgbench.once, bench.cluster, "limit", LIMIT_SCRIPT, variables={"i": 0})
    rows.ensure_same(joined, rows.filled_by(once, url), names=("a join", LIMIT_SCRIPT.name))
    return joined


def _served(bench: Ground, scene: str) -> Sample:
    """Joins per second on a fresh copy."""
    bench.copied("http", "template")
    with bench.web("http", settings=tills.HOPS) as server:
        join(server.port, scene, range(WARM))
        assert bench.cluster.process is not None  # noqa: S101 - the server runs
        with cpu.spent_by(server.pid, bench.cluster.process.pid) as spent:
            seconds = join(server.port, scene, range(WARM, WARM + JOINS))
    return Sample(JOINS / seconds, spent.per(JOINS))


def join(port: int, scene: str, people: Sequence[int]) -> float:
    """Let people sign in and join; returns the seconds that both took. Raises Stop when one is refused."""
    arrivals = [{"scene": scene, "visit_key": uuid.uuid4().hex} for _ in people]
    sign_ins = [_sign_in(person, arrival) for person, arrival in zip(people, arrivals, strict=True)]
    signed_in = drive(port, sign_ins, connections=CONNECTIONS, bodies=True).ensure_all(201)
    tokens = [str(json.loads(body)["token"]) for body in signed_in.bodies]
    wishes = [_wish(person, arrival, token) for person, arrival, token in zip(people, arrivals, tokens, strict=True)]
    joined = drive(port, wishes, connections=CONNECTIONS, bodies=True).ensure_all(200)
    _ensure_granted(joined)
    return sum(answers.count / answers.per_second for answers in (signed_in, joined))


def _sign_in(person: int, arrival: dict[str, str]) -> bytes:
    address = f"10.1.{person // 250}.{person % 250 + 1}"  # everybody their own: one may not send so many a minute
    return _post("/sessions/mini-program", {"code": f"{person:027d}", **arrival}, {"X-Forwarded-For": address})


def _wish(person: int, arrival: dict[str, str], token: str) -> bytes:
    body = {"consent_version": join_data.CONSENT_VERSION, "phone_code": f"136{person:08d}", **arrival}
    return _post("/members/me/join", body, {"Authorization": f"Bearer {token}"})


def _post(path: str, body: dict[str, str], headers: dict[str, str]) -> bytes:
    fields = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex, **headers}
    return request("POST", f"/api/v1{path}", fields, json.dumps(body).encode())


def _ensure_granted(joined: Answers) -> None:
    for body in joined.bodies:
        granted = len(json.loads(body)["granted"])
        if granted != join_data.GRANTED:
            raise Stop(f"a join granted {granted} coupons")


def _limit(bench: Ground) -> Sample:
    bench.copied("limit", "template")
    return pgbench.transactions(
        bench.cluster, "limit", LIMIT_SCRIPT, clients=CONNECTIONS, seconds=LIMIT_SECONDS, variables={"i": 0}
    )
