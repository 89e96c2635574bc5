"""Runs a long program behind one line that moves, keeps its output in a log, and explains its failures.

Steps that run at the same time share that line.
"""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from script.setup_steps.stamps import NOTES, ROOT
from script.supervisor.errors import DISK_FULL, Stop, is_disk_full

_TAIL_LINES = 15
_SILENT_SECONDS = 20  # without a terminal: a sign of life this often
_CLEAR = "\r\033[K"
_NO_NETWORK = re.compile(
    r"Temporary failure in name resolution|Connection refused|Network is unreachable|ENOTFOUND|ECONNREFUSED|EAI_AGAIN"
    r"|No matching distribution found|ETIMEDOUT|Max retries exceeded"
)
_NO_COMPILER = re.compile(
    r"(gcc|g\+\+|cc|clang|rustc|cargo)\b.*(not found|No such file|not installed)|Unable to find a compiler"
)
_GET_COMPILER = (
    "A package had no ready-built file for this machine and there is no compiler to build it. "
    "Debian or Ubuntu: sudo apt-get install build-essential python3-dev; macOS: xcode-select --install. "
    "Or use CPython 3.11 to 3.13 on 64-bit Linux or macOS, where no compiler is needed."
)
_CHECK_NETWORK = "The package registry did not answer: check the network and the proxy settings, then run this again."
_together = threading.Lock()  # over the terminal and the steps that share it
ADVICE = ((_NO_COMPILER, _GET_COMPILER), (_NO_NETWORK, _CHECK_NETWORK))


@dataclass
class Step:
    """One long program: its label, how to count what it has done, how much there is to do, and what it does `then`."""

    label: str
    counts: re.Pattern[str] | None = None
    total: int = 0
    then: str = "finishing"
    done: int = 0
    started: float = field(default_factory=time.monotonic)

    def see(self, line: str) -> None:
        """Counts a line that tells of progress; a pattern with two groups reads how much is done, and of how much."""
        found = self.counts.search(line) if self.counts is not None else None
        if found is None:
            return
        if found.re.groups == 2:
            self.done, self.total = int(found[1]), int(found[2])
        else:
            self.done = min(self.done + 1, self.total or self.done + 1)

    def text(self) -> str:
        """The line shown: what, how far, how long."""
        count = f" {self.done} of {self.total}" if self.total else ""
        if self.total and self.done >= self.total:
            count += f", {self.then}"
        return f"{self.label} ...{count} ({time.monotonic() - self.started:.0f} s)"


_running: list[Step] = []


def run(
    step: Step, command: Sequence[str], *, cwd: Path = ROOT, environment: Mapping[str, str] | None = None, log: str
) -> None:
    """Runs the program; raises Stop with the end of its output and advice when it fails."""
    NOTES.mkdir(parents=True, exist_ok=True)
    path = NOTES / f"{log}.log"
    finished = threading.Event()
    shower = threading.Thread(target=_show, args=(step, finished), daemon=True)
    shower.start()
    try:
        code = _stream(step, command, cwd, environment, path)
    finally:
        finished.set()
        shower.join()
    if code != 0:
        raise Stop(explain(step.label, path.read_text(encoding="utf-8", errors="replace"), path))


def explain(label: str, output: str, path: Path) -> str:
    """What failed, the end of its output, and what to do about it."""
    tail = "\n".join(f"  {line}" for line in output.splitlines()[-_TAIL_LINES:])
    advice = next((text for pattern, text in ADVICE if pattern.search(output)), "")
    if is_disk_full(output) or "ENOSPC" in output:
        advice = DISK_FULL
    return "\n".join(part for part in (f"{label}: failed. The end of {path}:", tail, advice) if part)


def _stream(step: Step, command: Sequence[str], cwd: Path, environment: Mapping[str, str] | None, path: Path) -> int:
    with (
        path.open("wb") as log,
        subprocess.Popen(
            list(command),
            cwd=cwd,
            env=dict(environment or os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        assert process.stdout is not None  # noqa: S101 - asked for above
        try:
            for line in process.stdout:
                log.write(line)
                log.flush()
                step.see(line.decode("utf-8", "replace"))
        except BaseException:
            process.terminate()
            raise
    return process.returncode


def _show(step: Step, finished: threading.Event) -> None:
    moving = sys.stderr.isatty()
    with _together:
        _running.append(step)
    if not moving:
        _say(f"{step.label} ...\n")
    while not finished.wait(0.2 if moving else _SILENT_SECONDS):
        _say(f"{_CLEAR}{_line()}" if moving else f"{step.text()}\n")
    with _together:
        _running.remove(step)
    took = f"{step.label}: {time.monotonic() - step.started:.0f} s\n"
    _say(f"{_CLEAR}{took}" if moving else took)


def _line() -> str:
    """All running steps, cut to the terminal's width: a line that wraps could not be cleared."""
    with _together:
        texts = [step.text() for step in _running]
    return " | ".join(texts)[: shutil.get_terminal_size().columns - 1]


def _say(text: str) -> None:
    with _together:
        sys.stderr.write(text)
        sys.stderr.flush()
