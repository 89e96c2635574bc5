"""The web server's command line: one place for script/run, the benches and the deployment guide."""

import sys

WORKERS = 2
# More than work and wait for platforms at a time (app.kernel.request_slots): a slow platform keeps no till waiting.
THREADS = 32


def command(host: str, port: int, *, workers: int = WORKERS, threads: int = THREADS) -> list[str]:
    """Serves wsgi:create_app by granian; its settings come from the environment."""
    server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--host", host, "--port", str(port)]
    size = ["--workers", str(workers), "--blocking-threads", str(threads)]
    return [*server, *size, "--respawn-failed-workers", "--workers-kill-timeout", "10", "wsgi:create_app"]
