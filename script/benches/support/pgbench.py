"""pgbench from the embedded server's package: the limit that an endpoint's rows set."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from script.benches.support import cpu
from script.benches.support.figures import Sample
from script.supervisor.errors import Stop
from script.supervisor.postgres import Cluster

_RATE = re.compile(r"^tps = ([0-9.]+)", re.M)
_DONE = re.compile(r"^number of transactions actually processed: (\d+)", re.M)
_FAILED = re.compile(r"^number of failed transactions: (\d+)", re.M)


def transactions(
    cluster: Cluster,
    database: str,
    script: Path,
    *,
    clients: int = 16,
    seconds: int = 10,
    variables: Mapping[str, int] | None = None,
    mode: str = "prepared",
) -> Sample:
    """Transactions per second of a pgbench script, with CPU microseconds of the server each.

    Raises Stop when a transaction failed: a limit that does not do the work is none.
    """
    size = ["--client", str(clients), "--jobs", "1", "--time", str(seconds), "--protocol", mode]
    assert cluster.process is not None  # noqa: S101 - the server runs
    with cpu.spent_by(cluster.process.pid) as spent:
        rate, count = _run(cluster, database, script, size, variables or {}, patience_s=seconds * 10 + 60)
    return Sample(rate, spent.per(count))


def once(cluster: Cluster, database: str, script: Path, *, variables: Mapping[str, int] | None = None) -> None:
    """A pgbench script's transaction, once; raises Stop when it failed."""
    size = ["--client", "1", "--transactions", "1", "--protocol", "prepared"]
    _run(cluster, database, script, size, variables or {}, patience_s=60)


def _run(
    cluster: Cluster, database: str, script: Path, size: list[str], variables: Mapping[str, int], *, patience_s: int
) -> tuple[float, int]:
    """Transactions per second, and how many there were."""
    words = [word for name, value in variables.items() for word in ("-D", f"{name}={value}")]
    program = [str(cluster.programs / "pgbench"), *size, "--no-vacuum", "--file", str(script)]
    command = [*program, *words, cluster.url(database)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=patience_s)
    rate, count, failed = (pattern.search(done.stdout) for pattern in (_RATE, _DONE, _FAILED))
    if done.returncode != 0 or rate is None or count is None or (failed is not None and int(failed[1])):
        raise Stop(f"pgbench failed: {_first_error(done.stderr) or done.stdout.strip()[-1000:]}")
    return float(rate[1]), int(count[1])


def _first_error(told: str) -> str:
    """What the server said first: the rest of a pipeline only says that what came before it failed."""
    return next((line for line in told.splitlines() if "error" in line.lower()), told.strip())[:1000]
