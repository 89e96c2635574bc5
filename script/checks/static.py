"""The checks without tests: format, lint, arrows between packages, types, trace of the requirements."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_ARROWS = "from importlinter.cli import lint_imports_command as run; run()"
# As modules, not by their scripts in .venv/bin: those name the interpreter by a path that may be too long.
CHECKS = {
    "format": [sys.executable, "-m", "ruff", "format", "--check"],
    "lint": [sys.executable, "-m", "ruff", "check"],
    "arrows": [sys.executable, "-c", _ARROWS, "--no-logo"],
    "types": [sys.executable, "-m", "mypy"],
    "requirements": [sys.executable, "-m", "script.trace", "--check"],
    "picture": [sys.executable, "-m", "script.checks.picture", "--check"],
}


def run(names: list[str] | None = None) -> list[str]:
    """Runs the named checks, by default all, each to its end; returns the names of those that failed."""
    return [name for name in names or list(CHECKS) if not passes(name, CHECKS[name])]


def passes(name: str, command: list[str]) -> bool:
    """Runs one check with its output shown, under a heading."""
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    print(result(name, code, started), flush=True)
    return code == 0


def result(name: str, code: int, started: float) -> str:
    """How a check ended, and how long it took."""
    return f"== {name}: {'ok' if code == 0 else 'FAILED'} ({time.monotonic() - started:.0f} s)"


if __name__ == "__main__":
    if unknown := [name for name in sys.argv[1:] if name not in CHECKS]:
        sys.exit(f"script/lint: no such check: {', '.join(unknown)}; there are {', '.join(CHECKS)}")
    failed = run(sys.argv[1:])
    if failed:
        sys.exit(f"\nscript/lint: failed: {', '.join(failed)}")
