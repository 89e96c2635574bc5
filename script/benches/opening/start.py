"""`start`: seconds from script/run to the first page, on a fresh clone and again.

The limit of the first time is what the package managers alone take to install the same packages into empty folders;
that of the second is the embedded server's start and one worker's import of the application, one after the other.
"""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from script.benches.support.figures import REPEATS, Sample, alternate, report, say
from script.benches.support.servers import ROOT, free_port
from script.setup_steps import node
from script.supervisor.errors import Stop
from script.supervisor.ports import LOOPBACK
from script.supervisor.postgres import Cluster

PAGE = "/h5/"
PATIENCE_SECONDS = 900
_FOREIGN = {"DATABASE_URL", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE"}


def run(arguments: list[str]) -> None:
    """Measures `start-first` once and `start` in alternated repeats."""
    with _clone() as clone:
        say("first start, everything to be installed ...")
        first = Sample(_seconds_to_page(clone))
        say("the package managers alone ...")
        report("start-first", [first], [Sample(_packages_alone(clone))], unit="s")
        again, bare = alternate(lambda: Sample(_seconds_to_page(clone)), lambda: Sample(_bare_start(clone)))
        report("start", again, bare, unit="s", scale={"repeats": REPEATS})


@contextmanager
def _clone() -> Iterator[Path]:
    """A fresh clone of what is committed, in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="huitou-start-"))
    folder.chmod(0o755)
    try:
        _checked(["git", "clone", "--quiet", str(ROOT), str(folder / "huitou")], folder)
        yield folder / "huitou"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _seconds_to_page(clone: Path) -> float:
    """Seconds from the command to the first answered page; the stack is ended again afterwards."""
    port = free_port()
    log = clone.parent / "run.log"
    started = time.perf_counter()
    with log.open("wb") as out:
        command = [str(clone / "script" / "run"), "--port", str(port)]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=_clean())
    try:
        _wait_for_page(process, port, log)
        return time.perf_counter() - started
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait_for_page(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    pause = threading.Event()
    while not _page_is_there(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise Stop(f"script/run did not come up:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
        pause.wait(0.02)


def _page_is_there(port: int) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", PAGE)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _packages_alone(clone: Path) -> float:
    """Seconds of a new virtual environment, pip and both npm installations, without anything of ours."""
    folder = clone.parent / "alone"
    npm = node.find()
    started = time.perf_counter()
    _checked([sys.executable, "-m", "venv", str(folder / "venv")], clone)
    pip = [str(folder / "venv" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _checked([*pip, "--require-hashes", "-r", "requirements.txt"], clone)
    for source in (clone, clone / "miniprogram"):
        target = folder / source.name
        target.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(source / name, target / name)
        _checked([*npm.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], target, npm.environment)
    elapsed = time.perf_counter() - started
    shutil.rmtree(folder)
    return elapsed


def _bare_start(clone: Path) -> float:
    """Seconds of the embedded server's start on the clone's data plus one import of the application."""
    cluster = Cluster.at(clone / "var" / "postgres")
    started = time.perf_counter()
    cluster.start()
    _checked([str(clone / ".venv" / "bin" / "python"), "-c", "import wsgi"], clone)
    elapsed = time.perf_counter() - started
    cluster.stop()
    return elapsed


def _checked(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command, cwd=folder, env={**_clean(), **(environment or {})}, check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise Stop(f"{command[0]} failed: {done.stderr.strip()[-1000:]}")


def _clean() -> dict[str, str]:
    """The caller's environment without what ties to another checkout or database, or forbids to keep bytecode."""
    return {name: value for name, value in os.environ.items() if name not in _FOREIGN}
