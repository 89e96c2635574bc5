"""A file's items by batches, one unit of work each, and the tally of what became of its rows."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from sqlalchemy.exc import IntegrityError

from app.flows.history import outcomes
from app.flows.history.files.parsing import Parsed
from app.flows.history.files.reading import Row
from app.flows.history.outcomes import Kind, Outcome
from app.kernel.db import atomic
from app.kernel.errors import Busy, DomainError
from app.kernel.platforms import retries

ATTEMPTS = 6

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class Load(Protocol[T_contra]):
    """A flow of `app.flows.history` with everything but the batch settled."""

    def __call__(self, batch: Sequence[T_contra], *, plainly: bool) -> list[Outcome]: ...


class Told(Protocol):
    """Where rows are told of: those that were rejected, or those of which not everything was kept."""

    def add(self, row: Row, error: DomainError) -> None: ...


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
    causes: Counter[str] = field(default_factory=Counter)  # of the rejected ones, as `cause_of` names them

    def count(self, parsed: Parsed[Any], outcome: Outcome) -> None:
        """Add the rows of one item that is no reject."""
        rows = len(parsed.rows)
        self.read += rows
        self.known += rows if outcome.kind is Kind.KNOWN else 0
        self.new += rows if outcome.kind in (Kind.NEW, Kind.WAITING, Kind.CORRECTED) else 0
        self.waiting += rows if outcome.kind is Kind.WAITING else 0
        if parsed.remarks and outcome.kind is not Kind.KNOWN:
            self.remarks.update(dict(parsed.remarks))
        if outcome.kind is Kind.CORRECTED:
            self.remarks["corrected"] += rows

    def reject(self, error: DomainError) -> None:
        """Add a row that was rejected."""
        self.read += 1
        self.rejected += 1
        self.causes[cause_of(error)] += 1


def cause_of(error: DomainError) -> str:
    """The kind of a reject: its code, or the reason if it has several, and the column if it names one."""
    code, column = error.facts.get("reason", error.code), error.facts.get("column")
    return f"{code}/{column}" if column else str(code)


def batches(parsed: Iterable[Parsed[T]], most_rows: int) -> Iterator[list[Parsed[T]]]:
    """Items by about so many rows; a receipt is never torn."""
    batch: list[Parsed[T]] = []
    rows = 0
    for one in parsed:
        batch.append(one)
        rows += len(one.rows)
        if rows >= most_rows:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def settle(batch: Sequence[Parsed[T]], found: Sequence[Outcome], tally: Tally, rejects: Told, notes: Told) -> None:
    """Tell of a batch's rows and count them; `found` are the outcomes of those of its items that could be read."""
    outcome_of = iter(found)
    for one in batch:
        errors, outcome = one.errors, outcomes.NEW
        if one.item is not None:
            outcome = next(outcome_of)
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


def items_of(batch: Sequence[Parsed[T]]) -> list[T]:
    """What could be read of a batch."""
    return [one.item for one in batch if one.item is not None]


def persist(act: Callable[[bool], T]) -> T:
    """One unit of work: `act(True)` for everything at once or, when something clashes, `act(False)` one by one."""
    try:
        return _attempt(lambda: act(True))
    except IntegrityError:
        return _attempt(lambda: act(False))


def _attempt(act: Callable[[], T]) -> T:
    """Again after a moment when others are at the same rows."""
    for _ in retries.attempts(ATTEMPTS, first_pause_s=0.2):
        with suppress(Busy), atomic():
            return act()
    raise Busy
