"""The web server's command line: one place for script/run, the benches and the deployment guide."""

import sys
from collections.abc import Mapping

from app.kernel.settings import SettingsError, sizes_from
from script.supervisor.errors import Stop

WORKERS = 2


def command(environment: Mapping[str, str], host: str, port: int, *, workers: int = WORKERS) -> list[str]:
    """Serves wsgi:create_app by granian, with the threads that the environment's settings name; raises Stop."""
    try:
        threads = sizes_from(environment).threads
    except SettingsError as error:
        raise Stop(str(error)) from error
    server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--host", host, "--port", str(port)]
    size = ["--workers", str(workers), "--blocking-threads", str(threads)]
    return [*server, *size, "--respawn-failed-workers", "--workers-kill-timeout", "10", "wsgi:create_app"]
