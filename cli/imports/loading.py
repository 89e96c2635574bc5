"""One file from its first row to its summary: batches, one unit of work each, rejects and progress beside."""

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy.exc import IntegrityError

from app.flows.history import outcomes
from app.flows.history.files.parsing import Parsed
from app.flows.history.files.reading import Columns, Table
from app.flows.history.outcomes import Kind, Outcome
from app.kernel import retries
from app.kernel.db import atomic
from app.kernel.errors import Busy, DomainError
from cli.imports.progress import Progress
from cli.imports.rejects import NOTES, Rejects
from cli.imports.wording import cause

BATCH_ROWS = 10_000
ATTEMPTS = 6

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class Load(Protocol[T_contra]):
    """A flow of `app.flows.history` with everything but the batch settled."""

    def __call__(self, batch: Sequence[T_contra], *, plainly: bool) -> list[Outcome]: ...


@dataclass(slots=True)
class Tally:
    """What became of a file's rows: read = new + known + rejected; those waiting in the inbox are among the new,
    and those noted, of which not everything was kept, among the new and the known.
    """

    read: int = 0
    new: int = 0
    waiting: int = 0
    known: int = 0
    rejected: int = 0
    noted: int = 0
    seconds: float = 0.0
    remarks: Counter[str] = field(default_factory=Counter)  # of the new rows
    causes: Counter[str] = field(default_factory=Counter)  # of the rejected ones

    def count(self, parsed: Parsed[Any], outcome: Outcome) -> None:
        """Add the rows of one item that is no reject."""
        rows = len(parsed.rows)
        self.read += rows
        self.known += rows if outcome.kind is Kind.KNOWN else 0
        self.new += rows if outcome.kind in (Kind.NEW, Kind.WAITING) else 0
        self.waiting += rows if outcome.kind is Kind.WAITING else 0
        if parsed.remarks and outcome.kind is not Kind.KNOWN:
            self.remarks.update(dict(parsed.remarks))

    def reject(self, error: DomainError) -> None:
        """Add a row that was rejected."""
        self.read += 1
        self.rejected += 1
        self.causes[cause(error)] += 1


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
        _rarely_collected(),
    ):
        progress = Progress(table.size)
        for batch in _batches(read(table)):
            _load_batch(batch, load, tally, rejects, notes)
            if show:
                progress.show(table.position, tally.read)
        tally.seconds = progress.seconds
        if show:
            progress.show(table.size, tally.read, last=True)
    return Loaded(tally, *(file.path if file.count else None for file in (rejects, notes)))


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """A batch makes a hundred thousand small objects and no cycles: looking for cycles costs a third of the time."""
    thresholds = gc.get_threshold()
    gc.set_threshold(500_000, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def _batches(parsed: Iterable[Parsed[T]]) -> Iterator[list[Parsed[T]]]:
    """Items by about BATCH_ROWS rows; a receipt is never torn."""
    batch: list[Parsed[T]] = []
    rows = 0
    for one in parsed:
        batch.append(one)
        rows += len(one.rows)
        if rows >= BATCH_ROWS:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def _load_batch(batch: Sequence[Parsed[T]], load: Load[T], tally: Tally, rejects: Rejects, notes: Rejects) -> None:
    found = iter(_commit([one.item for one in batch if one.item is not None], load))
    for one in batch:
        errors, outcome = one.errors, outcomes.NEW
        if one.item is not None:
            outcome = next(found)
            errors = [outcome.error] * len(one.rows) if outcome.error is not None else ()
        for row, error in zip(one.rows, errors, strict=False):
            rejects.add(row, error)
            tally.reject(error)
        if errors:
            continue
        tally.count(one, outcome)
        if one.note is not None:
            notes.add(one.rows[0], one.note)
            tally.noted += 1


def _commit(items: Sequence[T], load: Load[T]) -> list[Outcome]:
    """All at once, or one by one when they clash."""
    try:
        return _persist(items, load, plainly=True)
    except IntegrityError:
        return _persist(items, load, plainly=False)


def _persist(items: Sequence[T], load: Load[T], *, plainly: bool) -> list[Outcome]:
    """One unit of work; again after a moment when others are at the same rows."""
    for _ in retries.attempts(ATTEMPTS, first_pause_s=0.2):
        with suppress(Busy), atomic():
            return load(items, plainly=plainly) if items else []
    raise Busy
