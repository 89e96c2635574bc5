"""Child processes that are started again when they die, and do not outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from script.supervisor.errors import DISK_FULL, Stop, is_disk_full

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0
WINDOW_SECONDS = 60.0
MOST_DEATHS = 5  # in the window; more of them and starting again is no help
LOG_LIMIT_BYTES = 10 * 1024 * 1024
_TAIL_LINES = 15
_PR_SET_PDEATHSIG = 1


def die_with_parent(signal_number: int) -> Callable[[], None] | None:
    """A preexec_fn after which the kernel sends the signal when the parent is gone, even by kill -9 (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    libc, parent = ctypes.CDLL(None, use_errno=True), os.getpid()

    def bind() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:  # gone before the kernel was asked: nobody would send the signal any more
            os._exit(1)

    return bind


@dataclass
class Program:
    """A command with its environment and log, in a session of its own: Ctrl-C reaches the supervisor only."""

    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path

    def launch(self) -> subprocess.Popen[bytes]:
        """Starts the command; its output is added to the log, which starts anew when it has grown long."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_name(f"{self.log.name}.1"))
        with self.log.open("ab") as log:
            return subprocess.Popen(
                list(self.command),
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )


@dataclass
class Child:
    """One supervised process. `launch` starts it, `ready` tells whether it does its work yet."""

    name: str
    launch: Callable[[], subprocess.Popen[bytes]]
    ready: Callable[[], bool]
    log: Path
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 15.0
    now: Callable[[], float] = time.monotonic
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)
    again_at: float | None = None

    def start(self) -> None:
        """Starts the process."""
        self.process = self.launch()
        self.again_at = None

    def has_ended(self) -> bool:
        """Whether the process is not running, for whatever reason."""
        return self.process is None or self.process.poll() is not None

    def look_after(self) -> str | None:
        """Starts the process again, after a pause, when it has died; returns a word on what happened, if anything did.

        Raises Stop when it died too often for another try to make sense.
        """
        if self.again_at is not None:
            return self._start_when_due()
        if not self.has_ended():
            return None
        return self._note_death()

    def stop(self) -> None:
        """Asks the process to end, and makes it and all it started end when it does not."""
        self.ask_to_stop()
        self.wait_stopped()

    def ask_to_stop(self) -> None:
        """Sends the stop signal, if there is somebody to receive it."""
        self.again_at = None
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def wait_stopped(self) -> None:
        """Waits for the end of the process; what it leaves behind in its session is killed."""
        if self.process is None:
            return
        try:
            self.process.wait(self.stop_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._sweep()

    def last_words(self) -> str:
        """The end of the log."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        if is_disk_full(text[-4000:]):
            return DISK_FULL
        return "\n".join(f"  {line}" for line in text.splitlines()[-_TAIL_LINES:])

    def _note_death(self) -> str:
        self._sweep()
        moment = self.now()
        self.deaths = [death for death in self.deaths if moment - death < WINDOW_SECONDS] + [moment]
        code = self.process.returncode if self.process is not None else None
        if len(self.deaths) > MOST_DEATHS:
            raise Stop(
                f"{self.name} ended {len(self.deaths)} times within a minute, last with {describe(code)}. "
                f"The end of {self.log}:\n{self.last_words()}"
            )
        pause = min(FIRST_PAUSE_SECONDS * 2 ** (len(self.deaths) - 1), LONGEST_PAUSE_SECONDS)
        self.again_at = moment + pause
        return f"{self.name} ended with {describe(code)}; starting it again in {pause:g} s (log: {self.log})"

    def _start_when_due(self) -> str | None:
        if self.again_at is None or self.now() < self.again_at:
            return None
        self.start()
        return f"{self.name} is started again"

    def _sweep(self) -> None:
        """Kills what is left of the process's session: workers whose parent died keep its port otherwise."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return


def describe(code: int | None) -> str:
    """An exit code in words."""
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


def wait_ready(children: Sequence[Child], *, seconds: float, pause: Callable[[float], object]) -> None:
    """Returns once all children are ready; raises Stop when one dies first, ready or not, or takes too long."""
    deadline = time.monotonic() + seconds
    waiting = list(children)
    while waiting:
        dead = next((child for child in children if child.has_ended()), None)
        if dead is not None:
            code = dead.process.returncode if dead.process is not None else None
            raise Stop(f"{dead.name} did not start ({describe(code)}). The end of {dead.log}:\n{dead.last_words()}")
        if time.monotonic() > deadline:
            late = waiting[0]
            raise Stop(f"{late.name}: no answer within {seconds:.0f} s. The end of {late.log}:\n{late.last_words()}")
        pause(0.05)
        waiting = [child for child in waiting if not child.ready()]
