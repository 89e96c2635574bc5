"""Jobs of imports."""

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


JOBS = (
    every(1, read_imports),
    every(1, run_imports),
)
