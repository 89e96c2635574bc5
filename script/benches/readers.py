"""`readers`: how long `/healthz` and a redemption wait while 300 sockets want something of the server and hold it up.

Four crowds: `idle` only connects, `headers` and `bodies` send half of a request, `readers` ask for a large file and
read nothing of it. A line for each crowd and repeat: the slowest answer and the median of four seconds, in
milliseconds, for `/healthz` and for redemptions, and the CPU of web and database in them. Somebody has opened the page
before, as after any start.
"""

import http.client
import json
import socket
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count, cycle
from pathlib import Path

from script.benches.data import redemption_data
from script.benches.support import cpu, tills
from script.benches.support.servers import ROOT, Ground, Served, ground
from script.benches.support.tills import Browser
from script.supervisor import ports
from script.supervisor.errors import Stop

SOCKETS = 300
SECONDS = 4.0
REPEATS = 3
CLERKS = 8
COUPONS = 5_000
_HEAD = f"Host: {ports.LOOPBACK}\r\nContent-Type: application/json\r\n"


def run(arguments: list[str]) -> None:
    """Measure and print."""
    with ground() as bench:
        bench.migrated("readers")
        redemption_data.fill(bench.environment("readers"), coupons=COUPONS)
        path, numbers = f"/static/dist/{_largest().name}", count()
        for _ in range(REPEATS):
            for crowd, sent in _crowds(path).items():
                with bench.web("readers", settings=tills.HOPS) as server:
                    _open(server.port, path)
                    line = _measured(bench, server, sent, numbers)
                sys.stdout.write(json.dumps({"name": f"readers-{crowd}", **line}) + "\n")
                sys.stdout.flush()


def _crowds(path: str) -> dict[str, bytes]:
    """What each socket of a crowd sends."""
    return {
        "idle": b"",
        "headers": f"POST /portal/sign-in HTTP/1.1\r\n{_HEAD}Content-Le".encode(),
        "bodies": f"POST /api/v1/sessions/sms HTTP/1.1\r\n{_HEAD}Content-Length: 60000\r\n\r\n{{".encode(),
        "readers": f"GET {path} HTTP/1.1\r\n{_HEAD}\r\n".encode(),
    }


def _open(port: int, path: str) -> None:
    """So often that every process has answered it."""
    for _ in range(20):
        _healthy(port, path)


def _largest() -> Path:
    """The largest built file that nobody has compressed away."""
    files = [path for path in (ROOT / "static/dist").iterdir() if path.suffix in (".js", ".wasm")]
    if not files:
        raise Stop("the front-ends are not built")
    return max(files, key=lambda path: path.stat().st_size)


def _measured(bench: Ground, server: Served, sent: bytes, numbers: "count[int]") -> dict[str, object]:
    clerks = cycle([tills.clerk(server.port, number) for number in range(CLERKS)])
    asks: dict[str, Callable[[], float]] = {
        "healthz": lambda: _healthy(server.port),
        "redemption": lambda: _redeemed(server.port, next(clerks), next(numbers)),
    }
    for _ in range(2 * CLERKS):
        asks["redemption"]()
    assert bench.cluster.process is not None  # noqa: S101 - the server runs
    with cpu.spent_by(server.pid, bench.cluster.process.pid) as spent, _held(server.port, sent):
        times = _answers(asks)
    return {
        "scale": {"sockets": SOCKETS},
        **{name: {"slowest": round(max(all_), 1), "median": round(statistics.median(all_), 1)} for name, all_ in times},
        "unit": "ms",
        "cpu_ms": round(spent.seconds * 1000),
    }


@contextmanager
def _held(port: int, sent: bytes) -> Iterator[None]:
    sockets = [socket.create_connection((ports.LOOPBACK, port)) for _ in range(SOCKETS)]
    try:
        for one in sockets:
            one.sendall(sent)
        yield
    finally:
        for one in sockets:
            one.close()


def _answers(asks: dict[str, Callable[[], float]]) -> list[tuple[str, list[float]]]:
    """How long each took, by turns."""
    times, until = defaultdict[str, list[float]](list), time.monotonic() + SECONDS
    while time.monotonic() < until:
        for name, ask in asks.items():
            times[name].append(ask())
            time.sleep(0.02)
    return list(times.items())


def _healthy(port: int, path: str = "/healthz") -> float:
    return _timed(port, f"GET {path} HTTP/1.1\r\nHost: {ports.LOOPBACK}\r\n\r\n".encode(), 200)


def _redeemed(port: int, clerk: Browser, number: int) -> float:
    return _timed(port, tills.redemption(clerk, number), 201)


def _timed(port: int, request: bytes, status: int) -> float:
    """A connection of its own, the request, the whole answer."""
    started = time.perf_counter()
    with socket.create_connection((ports.LOOPBACK, port), timeout=20) as connection:
        connection.sendall(request)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        text = answer.read()
    if answer.status != status:
        raise Stop(f"{request[:60]!r} was answered with {answer.status}: {text[:200]!r}")
    return (time.perf_counter() - started) * 1000
