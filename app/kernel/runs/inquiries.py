"""Inquiries: what somebody asks on a page and takes long to find out; workers answer it step by step, and it is kept.

A package keeps its own table with the columns of `Inquiry`, and in it as much of the answer as is known. A worker
claims an inquiry for a single step (`app.workers.inquiries`), keeps what it found, and the rest is due at once. So it
goes on where it was when a worker dies, and no long one keeps the others waiting.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Index, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from app.kernel import outbox
from app.kernel.db import db, identity_column
from app.kernel.errors import DomainError, NotFound
from app.kernel.outbox import Claim, Pauses, Queue, Queued
from app.kernel.security import codes

KEPT_FOR = timedelta(days=30)
MOST_WAITING = 3
MOST_LISTED = 10
# A step of very many members takes minutes, in which its worker renews the lease; one that died does not.
_LEASE = timedelta(minutes=1)
_PAUSES = Pauses(first=timedelta(seconds=30), longest=timedelta(minutes=5), most_attempts=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, and in which mall: what was asked there is read there."""

    staff_id: int
    name: str
    mall_id: int


class Inquiry(Queued):
    """Columns of an inquiry: its name in addresses, when, by whom and in which mall it was asked."""

    id: Mapped[int] = identity_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    asked_at: Mapped[datetime]
    staff_id: Mapped[int]
    staff_name: Mapped[str]
    mall_id: Mapped[int]

    @property
    def is_live(self) -> bool:
        """Whether a worker is at it, or will be."""
        return self.done_at is None and self.given_up_at is None


class Outcome:
    """Columns of a version that was published after an inquiry: it names one, and one may have led to several.

    Taken back, a version lets go of its inquiry, which is else kept for as long.
    """

    version_id: Mapped[int]
    inquiry_id: Mapped[int]


Row = TypeVar("Row", bound=Inquiry)


def table_args(table: str) -> tuple[SchemaItem, ...]:
    """The constraints and indexes of a table of inquiries with this name, for its `__table_args__`."""
    return (*outbox.table_args(table), Index(f"ix_{table}_asked_at", "asked_at"))


def outcome_args(table: str) -> tuple[SchemaItem, ...]:
    """The same of a table of outcomes."""
    return (Index(f"ix_{table}_inquiry_id", "inquiry_id"),)


def queue_of(model: type[Row]) -> Queue[Row]:
    """The inquiries of a table as work."""
    return Queue(model, lease=_LEASE, pauses=_PAUSES)


def ask(queue: Queue[Row], question: Row, *, by: Asker, too_many: type[DomainError], now: datetime) -> Row:
    """Ask it from now on; raises `too_many` (with `most`) of who waits for so many answers already."""
    model = queue.model
    waiting = select(func.count()).select_from(model).where(model.staff_id == by.staff_id, outbox.is_waiting(queue))
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise too_many(most=MOST_WAITING)
    question.public_id, question.asked_at = codes.new_public_id(), now
    question.staff_id, question.staff_name, question.mall_id = by.staff_id, by.name, by.mall_id
    question.due_at, question.attempts = now, 0
    db.session.add(question)
    db.session.flush()
    return question


def find(model: type[Row], public_id: str, *of: ColumnElement[bool]) -> Row | None:
    """What was asked under this id; the conditions `of` say who may see it."""
    return db.session.scalar(select(model).where(model.public_id == public_id, *of))


def get(model: type[Row], public_id: str, *of: ColumnElement[bool]) -> Row:
    """As `find`; raises NotFound."""
    found = find(model, public_id, *of)
    if found is None:
        raise NotFound(inquiry=public_id)
    return found


def list_latest(model: type[Row], mall_id: int, *of: ColumnElement[bool], now: datetime) -> Sequence[Row]:
    """What was asked last in a mall of what is kept, the newest first, by whom ever there."""
    kept = select(model).where(model.mall_id == mall_id, model.asked_at >= now - KEPT_FOR, *of)
    return db.session.scalars(kept.order_by(model.asked_at.desc(), model.id.desc()).limit(MOST_LISTED)).all()


def claim_due(queue: Queue[Row], *, now: datetime, public_id: str | None = None) -> Row | None:
    """One that is to be answered, or that one if it is, for one step of one worker."""
    wanted = () if public_id is None else (queue.model.public_id == public_id,)
    rows = outbox.claim(queue, *wanted, now=now, limit=1)
    return rows[0] if rows else None


def keep(
    queue: Queue[Row], claim: Claim, *is_next: ColumnElement[bool], is_last: bool, now: datetime, **found: Any
) -> bool:
    """Keep what a step found, if it is still the next one; the last one ends the inquiry.

    False when another worker has it now, or has taken this step.
    """
    kept = outbox.go_on(queue, claim, *is_next, now=now, **found)
    if kept and is_last:
        outbox.finish(queue, claim, now=now)
    return kept


def note_outcome(model: type[Outcome], question: Inquiry, *, version_id: int) -> None:
    """Keep the inquiry with a version that was published after it; one that has its inquiry keeps that."""
    noted = {"version_id": version_id, "inquiry_id": question.id}
    db.session.execute(insert(model).values(noted).on_conflict_do_nothing(index_elements=["version_id"]))


def has_outcome(model: type[Outcome], question: Inquiry) -> bool:
    """Whether there is a version that was published after the inquiry."""
    return db.session.scalar(select(exists().where(model.inquiry_id == question.id))) is True


def with_outcome(model: type[Outcome], questions: Collection[Inquiry]) -> set[int]:
    """The numbers of those that led to a version."""
    led = select(model.inquiry_id).where(model.inquiry_id.in_([one.id for one in questions]))
    return set(db.session.scalars(led))


def of_versions(questions: type[Row], model: type[Outcome], version_ids: Collection[int]) -> dict[int, Row]:
    """What versions were published after, by the version; those that have none are left out."""
    found = select(model.version_id, questions).join(questions, questions.id == model.inquiry_id)
    rows = db.session.execute(found.where(model.version_id.in_(version_ids)))
    return {row.version_id: row[1] for row in rows}


def without_outcome(questions: type[Row], model: type[Outcome]) -> ColumnElement[bool]:
    """The condition that an inquiry led to no version."""
    return ~exists().where(model.inquiry_id == questions.id)


def sweep(model: type[Row], *of: ColumnElement[bool], now: datetime) -> int:
    """Forget what was kept long enough; returns how many."""
    old = delete(model).where(model.asked_at < now - KEPT_FOR, *of).returning(model.id)
    return len(db.session.scalars(old).all())
