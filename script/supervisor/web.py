"""The web server's command line: one place for script/run, the benches and the deployment guide."""

import sys
from collections.abc import Mapping

from app.kernel.settings import SettingsError, sizes_from
from script.supervisor.errors import Stop

WORKERS = 2
HEADER_MILLISECONDS = "10000"  # for a request's headers, and between two requests of one connection
# Of an answer that nobody reads so much is taken from the disk; also the most that a request's headers may come to.
BUFFER_BYTES = "65536"


def command(environment: Mapping[str, str], host: str, port: int, *, workers: int = WORKERS) -> list[str]:
    """Serves rsgi:create_app by granian (rsgi.py); raises Stop when the environment's sizes do not fit together."""
    try:
        sizes_from(environment)
    except SettingsError as error:
        raise Stop(str(error)) from error
    server = [sys.executable, "-m", "rsgi", "--interface", "rsgi", "--factory", "--host", host, "--port", str(port)]
    size = ["--workers", str(workers), "--http", "1", "--http1-header-read-timeout", HEADER_MILLISECONDS]
    size += ["--http1-buffer-size", BUFFER_BYTES]
    return [*server, *size, "--respawn-failed-workers", "--workers-kill-timeout", "10", "rsgi:create_app"]
