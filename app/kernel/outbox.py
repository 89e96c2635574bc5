"""What a worker has to do: the columns and verbs that each package's own queue table takes.

A row waits from `due_at` on. A worker claims it by moving `due_at` ahead, commits, acts without a transaction, and says
how that went: `finish`, `postpone` or `give_up`. One that dies says nothing; its lease runs out and another worker
claims the row (work that takes longer than a lease renews it meanwhile: `runs/leases.py`), so what is done for a row
must be harmless when done twice. After its last try a row is a dead letter: it rests until somebody puts it back by
`requeue`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import CheckConstraint, ColumnElement, Index, Select, Update, and_, func, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, class_mapper, object_mapper
from sqlalchemy.schema import SchemaItem

from app.kernel.db import db

# The doubling of pauses ends here at the latest, so that no number of tries is too large to compute with.
_MOST_DOUBLINGS = 30
DIED = "worker died"


class Tried:
    """Columns of a row that is tried until it works: when next, how often so far, and why the last try failed."""

    due_at: Mapped[datetime]
    attempts: Mapped[int]
    last_error: Mapped[str | None]


class Queued(Tried):
    """Columns of a row that a worker has to act on: it waits, is done, or is a dead letter."""

    done_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]


Row = TypeVar("Row", bound=Queued)


def table_args(table: str) -> tuple[SchemaItem, ...]:
    """The constraints and indexes of a queue table with this name, for its `__table_args__`."""
    return (
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("done_at IS NULL OR given_up_at IS NULL", name="one_end"),
        Index(f"ix_{table}_waiting", "due_at", postgresql_where="done_at IS NULL AND given_up_at IS NULL"),
        Index(f"ix_{table}_dead", "given_up_at", postgresql_where="given_up_at IS NOT NULL"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """How long a row rests after a failed try: `first`, doubled from try to try up to `longest`.

    `most_attempts` tries are made in all; None is as many as it takes.
    """

    first: timedelta
    longest: timedelta
    most_attempts: int | None = None

    def after(self, attempt: int) -> timedelta:
        """The pause after the try with this number; the first is 1."""
        return min(self.first * (1 << min(attempt - 1, _MOST_DOUBLINGS)), self.longest)

    def was_last(self, attempt: int) -> bool:
        """Whether no other try follows the one with this number."""
        return self.most_attempts is not None and attempt >= self.most_attempts


@dataclass(frozen=True, slots=True)
class Queue(Generic[Row]):
    """A queue table with its rules: a claim is its worker's for `lease`, and failed tries are `pauses` apart."""

    model: type[Row]
    lease: timedelta
    pauses: Pauses


@dataclass(frozen=True, slots=True)
class Claim:
    """What a worker holds of a row: the row's primary key, and which try this is."""

    key: tuple[Any, ...]
    attempt: int


def claim(queue: Queue[Row], *conditions: ColumnElement[bool], now: datetime, limit: int) -> Sequence[Row]:
    """Take due rows for this worker, the longest due first to be taken; in no order. Counts the try.

    Until the lease is over nobody else gets them. Rows whose worker died at their last try are given up instead.
    """
    model = queue.model
    due = and_(is_waiting(queue), queue.model.due_at <= now, *conditions)
    rows = db.session.scalars(
        update(model)
        # Whoever waited here for another worker's claim sees it now, and takes nothing that is not due any more.
        .where(tuple_(*_key(queue.model)).in_(_due_keys(queue, due, limit=limit)), due)
        .values(due_at=now + queue.lease, attempts=queue.model.attempts + 1)
        .returning(model)
        .execution_options(populate_existing=True, synchronize_session=False)
    ).all()
    worn_out = [row for row in rows if queue.pauses.was_last(row.attempts - 1)]
    for row in worn_out:
        row.given_up_at, row.last_error = now, row.last_error or DIED
    db.session.flush()
    return [row for row in rows if row.given_up_at is None]


def _due_keys(queue: Queue[Row], due: ColumnElement[bool], *, limit: int) -> Any:
    key = _key(queue.model)
    keys = due_first(queue.model, due, limit=limit)
    if key[0].key == "member_id":
        # A distributed database locks no rows of several members; the repeated condition keeps claims apart.
        return keys
    # Materialized, because a plan that looks again for every row would skip what it has just locked and take more.
    mine = keys.with_for_update(skip_locked=True).cte("mine").prefix_with("MATERIALIZED")
    return select(*mine.c)


def due_first(model: type[Tried], due: ColumnElement[bool], *, limit: int) -> Select[Any]:
    """The primary keys of rows that meet the condition, the longest due first."""
    key = _key(model)
    return select(*key).where(due).order_by(model.due_at, *key).limit(limit)


def claim_of(row: Queued) -> Claim:
    """What the worker keeps of a row it has claimed."""
    return Claim(tuple(object_mapper(row).primary_key_from_instance(row)), row.attempts)


def finish(queue: Queue[Row], claim: Claim, *, now: datetime, **values: Any) -> bool:
    """The row is done, with these values besides; False when it was done before.

    It counts even when the lease is over or the row was given up meanwhile, because it is the truth.
    """
    return _write(
        queue,
        claim,
        queue.model.done_at.is_(None),
        {"done_at": now, "given_up_at": None, "last_error": None} | values,
    )


def postpone(queue: Queue[Row], claim: Claim, *, error: str, now: datetime, **values: Any) -> bool:
    """The try failed: another one after a pause, or none after the last. Returns whether the row was given up.

    Whoever claimed the row meanwhile, because this worker was slow, has it now; then nothing is written.
    """
    if queue.pauses.was_last(claim.attempt):
        return give_up(queue, claim, error=error, now=now)
    due_at = now + queue.pauses.after(claim.attempt)
    _write(queue, claim, _is_held(queue, claim), {"due_at": due_at, "last_error": error} | values)
    return False


def go_on(queue: Queue[Row], claim: Claim, *conditions: ColumnElement[bool], now: datetime, **values: Any) -> bool:
    """A part of the work is done and kept by these values: the rest is due at once, with all its tries.

    False when the row is not in this worker's hands any more, or the conditions do not hold.
    """
    held = and_(_is_held(queue, claim), *conditions)
    return _write(queue, claim, held, {"due_at": now, "attempts": 0, "last_error": None} | values)


def give_up(queue: Queue[Row], claim: Claim, *, error: str, now: datetime, **values: Any) -> bool:
    """Make the row a dead letter; False when it is not in this worker's hands any more."""
    return _write(queue, claim, _is_held(queue, claim), {"given_up_at": now, "last_error": error} | values)


def renewal(queue: Queue[Row], claim: Claim, *, now: datetime) -> Update:
    """The statement by which a worker that is still at it keeps the row for another lease; see `leases.renewed`."""
    held = _is(queue, claim.key) & _is_held(queue, claim)
    return update(queue.model).where(held).values(due_at=now + queue.lease)


def requeue(queue: Queue[Row], key: tuple[Any, ...], *, now: datetime) -> bool:
    """Put a dead letter back, due at once and with all its tries; False when it is none."""
    dead = queue.model.given_up_at.is_not(None)
    return _write(queue, Claim(key, 0), dead, {"given_up_at": None, "due_at": now, "attempts": 0})


def requeue_all(queue: Queue[Row], *conditions: ColumnElement[bool], now: datetime) -> int:
    """The same of all dead letters that meet the conditions; returns how many."""
    return _write_dead(queue, conditions, {"given_up_at": None, "due_at": now, "attempts": 0})


def settle_all(queue: Queue[Row], *conditions: ColumnElement[bool], now: datetime) -> int:
    """Somebody has seen to the dead letters that meet the conditions: they are done; returns how many."""
    return _write_dead(queue, conditions, {"given_up_at": None, "done_at": now})


def _write_dead(queue: Queue[Row], conditions: Sequence[ColumnElement[bool]], values: dict[str, Any]) -> int:
    dead = (queue.model.given_up_at.is_not(None), *conditions)
    written = update(queue.model).where(*dead).values(**values).returning(*_key(queue.model))
    return len(db.session.execute(written.execution_options(synchronize_session=False)).all())


def restart(queue: Queue[Row], key: tuple[Any, ...], *, now: datetime) -> bool:
    """Try a row at once, with all its tries, whether it waits or was given up; False when it is done."""
    undone = queue.model.done_at.is_(None)
    return _write(queue, Claim(key, 0), undone, {"given_up_at": None, "due_at": now, "attempts": 0})


def find_dead(queue: Queue[Row], key: tuple[Any, ...]) -> Row | None:
    """The dead letter with this primary key."""
    return db.session.scalar(select(queue.model).where(_is(queue, key), queue.model.given_up_at.is_not(None)))


def list_dead(queue: Queue[Row], *conditions: ColumnElement[bool], limit: int) -> Sequence[Row]:
    """Dead letters, the oldest first."""
    given_up_at = queue.model.given_up_at
    found = select(queue.model).where(given_up_at.is_not(None), *conditions)
    return db.session.scalars(found.order_by(given_up_at, *_key(queue.model)).limit(limit)).all()


def count_dead(queue: Queue[Row], *conditions: ColumnElement[bool]) -> int:
    """How many dead letters there are."""
    dead = select(func.count()).select_from(queue.model).where(queue.model.given_up_at.is_not(None), *conditions)
    return db.session.scalar(dead) or 0


def is_waiting(queue: Queue[Row]) -> ColumnElement[bool]:
    """The condition that a row is neither done nor given up; its index has the same words."""
    return and_(queue.model.done_at.is_(None), queue.model.given_up_at.is_(None))


def _is_held(queue: Queue[Row], claim: Claim) -> ColumnElement[bool]:
    return and_(is_waiting(queue), queue.model.attempts == claim.attempt)


def _write(queue: Queue[Row], claim: Claim, condition: ColumnElement[bool], values: dict[str, Any]) -> bool:
    written = db.session.execute(
        update(queue.model).where(_is(queue, claim.key), condition).values(**values).returning(*_key(queue.model))
    ).first()
    return written is not None


def _is(queue: Queue[Row], key: tuple[Any, ...]) -> ColumnElement[bool]:
    return and_(*(column == value for column, value in zip(_key(queue.model), key, strict=True)))


def _key(model: type[Tried]) -> Sequence[InstrumentedAttribute[Any]]:
    mapper = class_mapper(model)
    return [getattr(model, mapper.get_property_by_column(column).key) for column in mapper.primary_key]
