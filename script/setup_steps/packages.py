"""The pinned Python packages in .venv."""

import re
import sys
import threading
from pathlib import Path

from script.setup_steps import progress, stamps
from script.setup_steps.stamps import ROOT

_one_pip = threading.Lock()  # Node may come as a wheel, for the front-ends that are built meanwhile
_COUNTED = re.compile(r"^\s*(?:Collecting|Requirement already satisfied:) ")


def install(*, dev: bool) -> None:
    """Installs what running needs, with `dev` also what testing needs; nothing when the pins have not changed."""
    files = [ROOT / "requirements.txt", *([ROOT / "requirements-dev.txt"] if dev else [])]
    name = "packages-dev" if dev else "packages"
    value = stamps.fingerprint(files, sys.version, sys.prefix, _made_at())
    if stamps.is_current(name, value):
        return
    stamps.forget(name)
    pip_install("Python packages", files[-1], _count(files), log=name)
    stamps.keep(name, value)


def pip_install(label: str, requirements: Path, total: int, *, log: str) -> None:
    """Installs one requirements file into .venv with progress; refuses every file whose hash does not stand in it."""
    pip = [sys.executable, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--prefer-binary"]
    step = progress.Step(label, _COUNTED, total, then="installing them")
    with _one_pip:
        progress.run(step, [*pip, "--progress-bar", "off", "--require-hashes", "-r", str(requirements)], log=log)


def _count(files: list[Path]) -> int:
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return sum("==" in line for line in lines)


def _made_at() -> str:
    """When this .venv was made: a new one has nothing installed, whatever the stamp says."""
    return str((Path(sys.prefix) / "pyvenv.cfg").stat().st_mtime_ns)
