"""The sandbox's web server.

cheroot, because it runs threads inside one process (callbacks and pages share it), is maintained, starts and stops
from code on any free port, and hands a gateway the connection itself: the fault "reset" needs the socket.
"""

import errno
import socket
import struct
import threading

from cheroot.wsgi import Gateway_10
from cheroot.wsgi import Server as WSGIServer
from flask import Flask

from sandbox.app import world_of

HOST = "127.0.0.1"
THREADS = 16


class _Gateway(Gateway_10):
    """Drops the connection with a TCP reset when a fault asked for it."""

    def respond(self) -> None:
        """Answer, or reset instead of answering."""
        answer = self.req.server.wsgi_app(self.env, self.start_response)
        if self.env.get("sandbox.reset"):
            answer.close()
            self._reset()
        try:
            for chunk in filter(None, answer):
                self.write(chunk)
        finally:
            self.req.ensure_headers_sent()
            answer.close()

    def _reset(self) -> None:
        connection = self.req.conn
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # detach() first: the server's own file objects would otherwise keep the descriptor open. The server closes
        # what it finds, so it gets a socket that was never connected.
        socket.close(connection.socket.detach())
        connection.socket = socket.socket()
        raise ConnectionResetError(errno.ECONNRESET, "sandbox fault")


class Server:
    """Serves one application on loopback; port 0 takes a free one."""

    def __init__(self, app: Flask, port: int) -> None:
        self._app = app
        self.serving = threading.Event()
        self._server = WSGIServer((HOST, port), app, numthreads=THREADS, max=THREADS, server_name="sandbox")
        self._server.gateway = _Gateway
        self._server.shutdown_timeout = 2
        self._server.expiration_interval = 0.05  # also how long it takes to notice that it should stop
        self._server.error_log = self._log  # type: ignore[method-assign]

    def _log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        self._app.logger.log(level, msg, exc_info=traceback)

    def bind(self) -> int:
        """Take the port; its number. Raises OSError when it is taken."""
        self._server.prepare()
        return int(self._server.bind_addr[1])

    def serve(self) -> None:
        """Serve until `stop`; callbacks are delivered meanwhile."""
        world_of(self._app).postman.start()
        self.serving.set()
        try:
            self._server.serve()
        finally:
            world_of(self._app).postman.stop()

    def stop(self) -> None:
        """Stop serving, from another thread or a signal handler."""
        self._server.stop()
