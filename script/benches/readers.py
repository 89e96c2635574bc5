"""`readers`: how long `/healthz` waits while 300 readers ask for a large file at once and read nothing of it.

A line for the readers and, as its limit, one for 300 sockets that only connect: the slowest answer and the median of
four seconds, in milliseconds, and the CPU of web in them. Somebody has opened the page before, as after any start.
"""

import http.client
import json
import socket
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from script.benches.support import cpu
from script.benches.support.servers import ROOT, Served, ground
from script.supervisor import ports
from script.supervisor.errors import Stop

READERS = 300
SECONDS = 4.0
REPEATS = 3


def run(arguments: list[str]) -> None:
    """Measure and print."""
    with ground() as bench:
        bench.migrated("readers")
        path = f"/static/dist/{_largest().name}"
        for _ in range(REPEATS):
            for name, sent in (("readers-idle", b""), ("readers", _request(path))):
                with bench.web("readers") as server:
                    _open(server.port, path)
                    sys.stdout.write(json.dumps(_measured(name, server, sent)) + "\n")
                    sys.stdout.flush()


def _open(port: int, path: str) -> None:
    """So often that every process has answered it."""
    for _ in range(20):
        _ask(port, path)


def _largest() -> Path:
    """The largest built file that nobody has compressed away."""
    files = [path for path in (ROOT / "static/dist").iterdir() if path.suffix in (".js", ".wasm")]
    if not files:
        raise Stop("the front-ends are not built")
    return max(files, key=lambda path: path.stat().st_size)


def _request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {ports.LOOPBACK}\r\n\r\n".encode()


def _measured(name: str, server: Served, sent: bytes) -> dict[str, object]:
    with cpu.spent_by(server.pid) as spent, _held(server.port, sent):
        times = list(_answers(server.port))
    return {
        "name": name,
        "scale": {"sockets": READERS},
        "value": round(max(times), 1),
        "median": round(statistics.median(times), 1),
        "unit": "ms",
        "cpu_ms": round(spent.seconds * 1000),
    }


@contextmanager
def _held(port: int, sent: bytes) -> Iterator[None]:
    sockets = [socket.create_connection((ports.LOOPBACK, port)) for _ in range(READERS)]
    try:
        for one in sockets:
            one.sendall(sent)
        yield
    finally:
        for one in sockets:
            one.close()


def _answers(port: int) -> Iterator[float]:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        yield _ask(port)
        time.sleep(0.02)


def _ask(port: int, path: str = "/healthz") -> float:
    started = time.perf_counter()
    connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise Stop(f"{path} was answered with {answer.status}")
    connection.close()
    return (time.perf_counter() - started) * 1000
