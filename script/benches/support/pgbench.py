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
    words = [word for name, value in (variables or {}).items() for word in ("-D", f"{name}={value}")]
    program = str(cluster.programs / "pgbench")
    size = ["--client", str(clients), "--jobs", "1", "--time", str(seconds), "--protocol", mode, "--no-vacuum"]
    command = [program, *size, "--file", str(script), *words, cluster.url(database)]
    assert cluster.process is not None  # noqa: S101 - the server runs
    with cpu.spent_by(cluster.process.pid) as spent:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=seconds * 10 + 60)
    rate, count, failed = (pattern.search(done.stdout) for pattern in (_RATE, _DONE, _FAILED))
    if done.returncode != 0 or rate is None or count is None or (failed is not None and int(failed[1])):
        raise Stop(f"pgbench failed: {(done.stderr or done.stdout).strip()[-1000:]}")
    return Sample(float(rate[1]), spent.per(int(count[1])))
