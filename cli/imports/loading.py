"""One file from its first row to its summary: batches, one unit of work each, rejects and progress beside."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.flows.history.files.parsing import Parsed
from app.flows.history.files.reading import Columns, Table
from app.flows.history.outcomes import Outcome
from app.workers.imports import loading
from app.workers.imports.loading import Load, Tally
from cli.imports.progress import Progress
from cli.imports.rejects import NOTES, Rejects

BATCH_ROWS = 10_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The outcome of a run, and where the rejects are if there are any, and the notes about rows that came in."""

    tally: Tally
    rejects: Path | None
    notes: Path | None


def load_file(
    path: Path,
    columns: Columns,
    read: Callable[[Table], Iterable[Parsed[T]]],
    load: Load[T],
    *,
    encoding: str | None = None,
    show: bool = True,
) -> Loaded:
    """Bring a file in; may be broken off anywhere and run again. Raises FileInvalid, OSError, Busy."""
    tally = Tally()
    with (
        Table(path, columns, encoding=encoding) as table,
        Rejects(path, table.names) as rejects,
        Rejects(path, table.names, NOTES) as notes,
        rarely_collected(),
    ):
        progress = Progress(table.size)
        for batch in loading.batches(read(table), BATCH_ROWS):
            loading.settle(batch, _commit(loading.items_of(batch), load), tally, rejects, notes)
            if show:
                progress.show(table.position, tally.read)
        tally.seconds = progress.seconds
        if show:
            progress.show(table.size, tally.read, last=True)
    return Loaded(tally, *(file.path if file.count else None for file in (rejects, notes)))


@contextmanager
def rarely_collected() -> Iterator[None]:
    """A batch makes a hundred thousand small objects and no cycles: looking for cycles costs a third of the time."""
    thresholds = gc.get_threshold()
    gc.set_threshold(500_000, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def _commit(items: Sequence[T], load: Load[T]) -> list[Outcome]:
    return loading.persist(lambda plainly: load(items, plainly=plainly)) if items else []
