"""An HTTP load on loopback: prepared requests over kept connections, from a process of its own.

The client is a bare event loop, so that the two cores of a small machine are left to the server and the database.
`python -m script.benches.support.load PORT CONNECTIONS [bodies]` reads requests from standard input, each after its
length as four bytes, sends each once, and prints what came back as JSON, with the answers' bodies if asked for.
"""

import json
import selectors
import socket
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from script.supervisor.database import ROOT
from script.supervisor.errors import Stop
from script.supervisor.ports import LOOPBACK

_LENGTH = struct.Struct(">I")
_PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Answers:
    """What a load got: requests per second over the whole, how many answers had which status, bodies in no order."""

    per_second: float
    count: int
    statuses: dict[int, int]
    median_ms: float
    p99_ms: float
    bodies: list[str] = field(default_factory=list, repr=False)

    def ensure_all(self, status: int) -> "Answers":
        """Raises Stop unless every answer had the status: refusals are quick and would flatter the figure."""
        if set(self.statuses) != {status}:
            raise Stop(f"the load was not answered with {status} throughout: {self.statuses}")
        return self


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """One HTTP/1.1 request as it goes over the wire."""
    fields = {"Host": LOOPBACK, "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def drive(port: int, requests: Iterable[bytes], *, connections: int = 16, bodies: bool = False) -> Answers:
    """Sends every request once, `connections` at a time, and waits for all answers; keeps their bodies if asked."""
    command = [sys.executable, "-m", "script.benches.support.load", str(port), str(connections)]
    command += ["bodies"] if bodies else []
    data = b"".join(_LENGTH.pack(len(item)) + item for item in requests)
    done = subprocess.run(command, input=data, cwd=ROOT, check=False, capture_output=True)
    if done.returncode != 0:
        raise Stop(f"the load broke off: {done.stderr.decode()[-1000:]}")
    found = json.loads(done.stdout)
    found["statuses"] = {int(status): count for status, count in found["statuses"].items()}
    return Answers(**found)


class _Connection:
    """One kept connection: a request is out, its answer comes in pieces."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((LOOPBACK, port), timeout=_PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.sent_at = 0.0

    def send(self, item: bytes) -> None:
        self.received = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(item)

    def receive(self) -> int | None:
        """Takes what is there; the status once the answer is whole, else None."""
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError("the server closed a connection in the middle of an answer")
        self.received += piece
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found or len(body) < _body_length(head):
            return None
        return int(head[9:12])

    def body(self) -> str:
        """That of the answer that was received last."""
        return self.received.partition(b"\r\n\r\n")[2].decode()


def _body_length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    if not found:
        raise ConnectionError(f"an answer without a length: {head[:200]!r}")
    return int(rest.split(b"\r\n", 1)[0])


def _run(port: int, connections: int, requests: list[bytes]) -> Answers:
    waiting = iter(requests)
    statuses: Counter[int] = Counter()
    times: list[float] = []
    bodies: list[str] = []
    with selectors.DefaultSelector() as selector:
        started = time.perf_counter()
        # The connections come first: zip would take a request for a connection that is not there, and lose it.
        for connection, item in zip(_connect(port, min(connections, len(requests))), waiting, strict=False):
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(item)
        while len(times) < len(requests):
            for status, took, body in _answers(selector, waiting):
                statuses[status] += 1
                times.append(took)
                bodies.append(body)
        elapsed = time.perf_counter() - started
    times.sort()
    middle, late = times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000
    return Answers(len(times) / elapsed, len(times), dict(statuses), middle, late, bodies)


def _connect(port: int, count: int) -> list[_Connection]:
    return [_Connection(port) for _ in range(count)]


def _answers(selector: selectors.BaseSelector, waiting: Iterator[bytes]) -> Iterator[tuple[int, float, str]]:
    """Statuses, seconds and bodies of the answers that are whole; each freed connection sends the next request."""
    ready = selector.select(_PATIENCE_SECONDS)
    if not ready:
        raise ConnectionError(f"no answer for {_PATIENCE_SECONDS} s")
    for key, _ in ready:
        connection: _Connection = key.data
        status = connection.receive()
        if status is None:
            continue
        yield status, time.perf_counter() - connection.sent_at, connection.body()
        following = next(waiting, None)
        if following is None:
            selector.unregister(connection.socket)
            connection.socket.close()
        else:
            connection.send(following)


def _read_requests(data: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(data):
        (length,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size
        found.append(data[at : at + length])
        at += length
    return found


if __name__ == "__main__":
    answers = _run(int(sys.argv[1]), int(sys.argv[2]), _read_requests(sys.stdin.buffer.read()))
    facts = {name: getattr(answers, name) for name in Answers.__slots__ if name != "bodies" or "bodies" in sys.argv}
    sys.stdout.write(json.dumps(facts))
