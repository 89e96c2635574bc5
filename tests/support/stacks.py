"""A whole stack in processes of its own, started the way `script/run` starts it."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from app.kernel import clock
from script.benches.support.servers import free_port
from script.supervisor import children, devenv, ports
from tests.support import run

PATIENCE_SECONDS = 300  # a first start loads the demo, which a busy machine does slowly
_UP = "Ctrl-C stops everything"


@dataclass(slots=True)
class Stack:
    """A running supervisor with its web, jobs and sandbox processes."""

    data: Path
    port: int
    offset: timedelta
    process: subprocess.Popen[bytes]
    output: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def database_url(self) -> str:
        """Where its data are."""
        return self.environment()["DATABASE_URL"]

    @property
    def now(self) -> datetime:
        """The stack's own time."""
        return datetime.now(UTC) + self.offset

    def secrets(self) -> dict[str, str]:
        """What the stack and its sandbox know each other by."""
        return devenv.load_or_make(self.data)

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    def log(self, name: str) -> str:
        """The log of one of its processes."""
        return (self.data / "logs" / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def child(self, words: str) -> psutil.Process | None:
        """The supervised process whose command line holds the words, if it runs at the moment."""
        for process in psutil.Process(self.process.pid).children():
            try:
                if words in " ".join(process.cmdline()):
                    return process
            except psutil.NoSuchProcess:
                continue
        return None

    def environment(self) -> dict[str, str]:
        """What its web process was told."""
        web = self.child("-m rsgi")
        assert web is not None
        return web.environ()

    def is_ready(self) -> bool:
        return ports.is_healthy(self.port, "/readyz")

    def wait_up(self) -> None:
        wait_until(lambda: _UP in self.said() or self.process.poll() is not None)
        if self.process.poll() is not None:
            raise AssertionError(self.said())

    def end(self) -> None:
        """Ends all of it, cleanly."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE_SECONDS)


def wait_until(condition: Callable[[], object], *, seconds: float = PATIENCE_SECONDS) -> None:
    """Returns once the condition holds; fails when it takes too long."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("nothing happened in time")
        pause.wait(0.05)


def offset_to(hour: int, *, day: int = 0) -> timedelta:
    """How far to move the clock so that the mall's wall shows the hour of today, or of `day` of this month."""
    now = datetime.now(clock.MALL_ZONE)
    wanted = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return timedelta(seconds=int(((wanted.replace(day=day) if day else wanted) - now).total_seconds()))


@contextmanager
def open_stack(
    *words: str,
    offset: timedelta,
    data: Path | None = None,
    port: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Stack]:
    """Starts a stack, by default on new data and a free port, and ends it with the block."""
    stack = start_stack(*words, offset=offset, data=data or new_folder(), port=port, environment=environment)
    try:
        stack.wait_up()
        yield stack
    finally:
        stack.end()


def new_folder() -> Path:
    """A folder that root's database account can reach, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(dir=run.folder()))
    folder.chmod(0o711)
    return folder / "data"


def start_stack(
    *words: str, offset: timedelta, data: Path, port: int | None, environment: Mapping[str, str] | None
) -> Stack:
    """Starts the supervisor without waiting for it."""
    port = port or free_port()
    output = data.parent / f"stack-{port}.out"
    seconds = str(int(offset.total_seconds()))
    merged = {**os.environ, **(environment or {}), "HUITOU_CLOCK_OFFSET_SECONDS": seconds}
    command = [sys.executable, "-m", "script.supervisor", "--port", str(port), "--data", str(data), *words]
    with output.open("wb") as out:
        # A test run that is killed takes its stacks along.
        dies = children.die_with_parent(signal.SIGTERM)
        process = subprocess.Popen(command, cwd=run.ROOT, env=merged, stdout=out, stderr=out, preexec_fn=dies)
    return Stack(data, port, offset, process, output)
