"""Jobs of files: those that were uploaded, and lists that were asked for as files."""

from app.workers import list_files
from app.workers.imports import reading, running
from jobs.kit import Batch, every
from jobs.tools import Tools


def read_imports(tools: Tools) -> Batch:
    """Find out what uploaded files are."""
    return _one(reading.read_next())


def run_imports(tools: Tools) -> Batch:
    """Check and run imports, a slice of one at a time."""
    return _one(running.work_on_next())


def _one(worked: bool) -> Batch:
    return Batch(int(worked), more=worked)


def make_list_files(tools: Tools) -> Batch:
    """Make lists that are too long to wait for into files, one at a time."""
    return Batch.counted(list_files.make_due_files(limit=1), limit=1)


JOBS = (
    every(1, read_imports),
    every(1, run_imports),
    every(3, make_list_files),
)
