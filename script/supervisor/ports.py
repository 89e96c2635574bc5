"""Ports of this machine: are they free, and does somebody answer."""

import http.client
import random
import socket

import psutil

from script.supervisor.errors import Stop

LOOPBACK = "127.0.0.1"
LAST_PORT = 65535
_QUIET_SPAN = (20_000, 32_000)


def ensure_free(port: int, host: str, *, what: str) -> None:
    """Raises Stop, with who holds it and what to do, when the port cannot be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise Stop(f"Port {port} needs root: choose one above 1023, as in script/run --port 8000.") from error
        except OSError as error:
            raise Stop(
                f"Port {port}, needed for {what}, is taken{_holder(port)}. "
                f"End that program, or choose other ports: script/run --port {port + 10 - port % 10}."
            ) from error


def find_free() -> int:
    """A port that is free, and the next one, too, which is the sandbox's.

    From below the span that systems take outgoing connections' ports from: a port from within it can be gone a moment
    later.
    """
    while True:
        port = random.randrange(*_QUIET_SPAN, 2)  # noqa: S311  not a secret
        if _can_be_bound(port) and _can_be_bound(port + 1):
            return port


def _can_be_bound(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether somebody takes connections on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def is_healthy(port: int, path: str) -> bool:
    """Whether a GET of the path is answered with 200."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def network_address() -> str:
    """This machine's address in its network; no packet is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return LOOPBACK
        return str(probe.getsockname()[0])


def _holder(port: int) -> str:
    """Who listens on the port, as far as this account may know."""
    try:
        listeners = [c for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
        pid = next((c.pid for c in listeners if c.laddr.port == port and c.pid), None)
        return f" by {psutil.Process(pid).name()} (process {pid})" if pid else ""
    except psutil.Error:
        return ""
