"""A reader who does not read holds no more of an answer than the bound, however large the answer is."""

import socket

import pytest

from app.web.front import sockets

pytestmark = pytest.mark.no_database

MUCH = b"x" * 16 * 1024 * 1024


def taken(port: socket.socket) -> int:
    """How much the kernel takes at once for somebody who connects and reads nothing."""
    with socket.create_connection(port.getsockname()[:2]) as reader:
        connection, _ = port.accept()
        with connection, reader:
            connection.setblocking(False)
            return _fill(connection)


def _fill(connection: socket.socket) -> int:
    sent = 0
    try:
        while sent < len(MUCH):
            sent += connection.send(MUCH[sent:])
    except BlockingIOError:
        pass
    return sent


def test_what_waits_unsent_is_bounded_on_every_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as port:
        before = taken(port)
        assert sockets.bound_unsent() >= 1
        after = taken(port)
    assert after < before / 2, (before, after)
