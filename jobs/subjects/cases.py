"""Jobs of cases."""

from app.workers import cases
from jobs.kit import Batch, every
from jobs.tools import Tools


def raise_cases(tools: Tools) -> Batch:
    """Ask people about what machines could not settle."""
    return Batch(cases.raise_cases())


JOBS = (every(60, raise_cases),)
