"""The product's side of the wire, for tests: a server that keeps what it gets and answers what it is told."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.support.patience import PATIENCE_S


@dataclass
class Received:
    """One request the product got."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query))


@dataclass
class Product:
    """What came in, and the answers to give: `answers` first, then `usual`."""

    received: list[Received] = field(default_factory=list)
    answers: deque[tuple[int, Any]] = field(default_factory=deque)
    usual: tuple[int, Any] = (200, "success")
    url: str = ""
    _arrived: threading.Condition = field(default_factory=threading.Condition)

    def take(self, request: Received) -> tuple[int, Any]:
        with self._arrived:
            self.received.append(request)
            self._arrived.notify_all()
            return self.answers.popleft() if self.answers else self.usual

    def wait_for(self, count: int, seconds: float = PATIENCE_S) -> list[Received]:
        """All requests once there are `count` of them."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.received) >= count, seconds), self.received
            return list(self.received)


def _handler(product: Product) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, said = product.take(Received(self.command, self.path, dict(self.headers), body))
            data = said.encode() if isinstance(said, str) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            if data.startswith(b"<"):
                self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = _answer

        def log_message(self, *_: Any) -> None:
            """Keep the test output clean."""

    return Handler


@contextmanager
def served() -> Iterator[Product]:
    """A product on a free port, answering "success" until told otherwise."""
    product = Product()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(product))
    product.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield product
    finally:
        server.shutdown()
        server.server_close()
