"""Jobs of lists that were asked for as files."""

from app.workers import list_files
from jobs.kit import Batch, every
from jobs.tools import Tools


def make_list_files(tools: Tools) -> Batch:
    """Make lists that are too long to wait for into files, one at a time."""
    return Batch.counted(list_files.make_due_files(limit=1), limit=1)


JOBS = (every(3, make_list_files),)
