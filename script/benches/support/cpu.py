"""CPU time of process trees: what a figure costs, not only how long it takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil


@dataclass
class Spent:
    """CPU seconds that the watched processes used inside the block."""

    seconds: float = 0.0

    def per(self, count: int) -> float | None:
        """CPU microseconds per unit of work."""
        return self.seconds * 1e6 / count if count else None


@contextmanager
def spent_by(*pids: int) -> Iterator[Spent]:
    """Counts the CPU time, user and system, of the processes and all their descendants."""
    before = _seconds(pids)
    spent = Spent()
    yield spent
    spent.seconds = _seconds(pids) - before


def _seconds(pids: tuple[int, ...]) -> float:
    """Living processes with their own time and that of their children that ended and were waited for."""
    roots = [psutil.Process(pid) for pid in pids]
    family = {process.pid: process for root in roots for process in [root, *root.children(recursive=True)]}
    total = 0.0
    for process in family.values():
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total
