"""How much of an answer lies in the kernel for somebody who does not read it."""

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# More than a fast reader takes between two turns; without a bound the kernel is given megabytes for each of a crowd of
# readers at once, and copying these holds up everybody else.
UNSENT_BYTES = 64 * 1024
_OPEN = Path("/proc/self/fd")


def bound_unsent() -> int:
    """Bound what waits unsent on every connection that this process accepts from now on; returns on how many ports.

    granian makes its socket itself and offers no setting; a connection has the settings of the socket it came by.
    """
    ports = 0
    for number in [int(entry.name) for entry in _OPEN.iterdir()] if _OPEN.exists() else []:
        with _listening(number) as port:
            if port is not None:
                port.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
                ports += 1
    return ports


@contextmanager
def _listening(number: int) -> Iterator[socket.socket | None]:
    """The socket behind a file descriptor, if connections are accepted there by TCP."""
    try:
        is_socket = stat.S_ISSOCK(os.fstat(number).st_mode)
        found = socket.socket(fileno=os.dup(number)) if is_socket else None
    except OSError:  # closed meanwhile
        found = None
    if found is None:
        yield None
        return
    with found:
        is_tcp = found.family in (socket.AF_INET, socket.AF_INET6) and found.type == socket.SOCK_STREAM
        yield found if is_tcp and found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) else None
