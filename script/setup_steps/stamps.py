"""Remembers what was built from what, so that each step runs only when its input changed."""

import fcntl
import hashlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTES = ROOT / "var" / "setup"


def fingerprint(inputs: Iterable[Path], *facts: str) -> str:
    """A digest of the contents and names of files (folders: of all files within) and of further facts."""
    digest = hashlib.sha256("\0".join(facts).encode())
    for path in sorted(_files(inputs)):
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(inputs: Iterable[Path]) -> Iterator[Path]:
    for path in inputs:
        if path.is_dir():
            yield from (inner for inner in path.rglob("*") if inner.is_file())
        elif path.exists():
            yield path


def is_current(name: str, value: str, outputs: Iterable[Path] = ()) -> bool:
    """Whether the step was last finished with this fingerprint and its outputs are still there."""
    note = NOTES / f"{name}.stamp"
    known = note.read_text(encoding="ascii") if note.exists() else ""
    return known == value and all(path.exists() for path in outputs)


def keep(name: str, value: str) -> None:
    """Notes that the step is finished for this fingerprint."""
    NOTES.mkdir(parents=True, exist_ok=True)
    (NOTES / f"{name}.stamp").write_text(value, encoding="ascii")


def forget(name: str) -> None:
    """Notes that the step is under way, so that one cut short is done again."""
    (NOTES / f"{name}.stamp").unlink(missing_ok=True)


@contextmanager
def alone() -> Iterator[None]:
    """Lets one set-up at a time work on this checkout."""
    NOTES.mkdir(parents=True, exist_ok=True)
    with (NOTES / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up is at work on this checkout; waiting for it ...", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
