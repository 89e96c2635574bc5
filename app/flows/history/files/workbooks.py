"""Workbooks (XLSX, XLS) as the text that `reading` reads: one sheet, one line a row.

A workbook is opened in a process of its own with little memory and time, because a small file can ask for any amount of
both. What it holds is never computed: of a formula the value counts that was saved with it.
"""

import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from app.flows.history.files.errors import FileInvalid

MOST_UNPACKED = 400 * 1024 * 1024
_MOST_SECONDS = 240
_SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read: the sheet's name among all that hold anything."""

    name: str
    names: tuple[str, ...]


def is_workbook(path: Path) -> bool:
    """Whether the file begins as a workbook does."""
    with path.open("rb") as file:
        return file.read(4) in _SIGNATURES


def write_text(path: Path, target: Path, *, most_rows: int, sheet: str | None = None) -> Sheet:
    """Write a sheet, the first that holds anything unless one is named, as UTF-8 with commas.

    Raises FileInvalid (broken, too_large, too_many_rows, sheet, empty).
    """
    _ensure_sound(path)
    asked = [str(path), str(target), str(most_rows), sheet or ""]
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(Path(__file__).with_name("workbook_process.py")), *asked],
            capture_output=True,
            timeout=_MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FileInvalid(reason="too_large") from None
    if done.returncode != 0:
        raise FileInvalid(reason="too_large" if done.returncode < 0 else "broken")
    told = json.loads(done.stdout)
    if "reason" in told:
        raise FileInvalid(**told)
    return Sheet(told["sheet"], tuple(told["sheets"]))


def _ensure_sound(path: Path) -> None:
    """Raises FileInvalid for an archive that is none, or that says it is huge; one that lies meets its limits later."""
    if not zipfile.is_zipfile(path):
        return  # the older kind, which is not packed
    try:
        with zipfile.ZipFile(path) as archive:
            names, unpacked = archive.namelist(), sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        raise FileInvalid(reason="broken") from None
    if "[Content_Types].xml" not in names:
        raise FileInvalid(reason="other")
    if unpacked > MOST_UNPACKED:
        raise FileInvalid(reason="too_large")
