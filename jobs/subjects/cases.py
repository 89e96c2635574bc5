"""Jobs of cases, and of members who may be one person, who become cases."""

from app.workers import cases
from app.workers.duplicates import searching
from jobs.kit import Batch, every
from jobs.tools import Tools

BATCH = 50


def raise_cases(tools: Tools) -> Batch:
    """Ask people about what machines could not settle."""
    return Batch(cases.raise_cases())


def find_duplicates(tools: Tools) -> Batch:
    """Compare members who are new or have changed with all others."""
    return Batch.counted(searching.search(), limit=searching.BATCH * searching.MOST_BATCHES)


def merge_certain_duplicates(tools: Tools) -> Batch:
    """Merge members who are one person for certain."""
    return Batch.counted(searching.merge_certain(limit=BATCH), limit=BATCH)


JOBS = (every(60, raise_cases), every(300, find_duplicates), every(300, merge_certain_duplicates))
