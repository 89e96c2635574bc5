"""Tests reach this machine only: a call to any other host is a mistake and says so."""

import ipaddress
import sys


class OutsideCall(BaseException):
    """A test tried to leave the machine. Not an Exception, so that no error handling can hide it."""


def close() -> None:
    """Refuses, from now on and in this process, every connection and look-up beyond the loopback."""
    sys.addaudithook(_refuse_outside)


def _refuse_outside(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple):
            _ensure_loopback(address[0])
    elif event == "socket.getaddrinfo":
        _ensure_loopback(arguments[0])


def _ensure_loopback(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else str(host or "127.0.0.1")
    if name == "localhost" or name.endswith(".localhost"):
        return
    try:
        inside = ipaddress.ip_address(name).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise OutsideCall(f"tests stay on this machine, and {name} is not it")
