"""What workers do with imports: claim one, say how far it is, and how it ended.

A claim is lost when its worker was slow and another one has taken the import, or when somebody has stopped it: then
nothing of the batch at hand is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from app.imports import pieces
from app.imports.models import Import, Part, Status
from app.kernel import outbox
from app.kernel.db import db
from app.kernel.outbox import Claim, Pauses, Queue

QUEUE = Queue(
    Import,
    lease=timedelta(minutes=2),
    pauses=Pauses(first=timedelta(seconds=5), longest=timedelta(minutes=2)),
)
MOST_FAILURES = 5  # in a row, without a batch between them

READERS = (Status.READING,)
RUNNERS = (Status.CHECKING, Status.RUNNING)


class ClaimLost(Exception):
    """Somebody else has the import now, or it was stopped."""


@dataclass(frozen=True, slots=True)
class Work:
    """An import in a worker's hands, as it stood when it was claimed."""

    claim: Claim
    id: int
    mall_id: int
    staff_id: int
    kind: str
    status: str
    encoding: str | None
    sheet: str | None
    is_workbook: bool
    headings: Sequence[str]
    layout: Mapping[str, Any]
    options: Mapping[str, Any]
    rows_done: int
    counts: Mapping[str, Any]

    @property
    def text_part(self) -> Part:
        """Where the text to read lies."""
        return Part.TEXT if self.is_workbook else Part.SOURCE


def claim(statuses: Sequence[Status], *, now: datetime) -> Work | None:
    """Take the import that is due longest; one that failed too often without getting on is given up instead."""
    wanted = Import.status.in_([status.value for status in statuses])
    for found in outbox.claim(QUEUE, wanted, now=now, limit=1):
        found.failures += 1
        if found.failures > MOST_FAILURES:
            _give_up(found, now=now)
            return claim(statuses, now=now)
        db.session.flush()
        return _work(found)
    return None


def _give_up(found: Import, *, now: datetime) -> None:
    found.problem = {"during": found.status}
    found.status, found.given_up_at = Status.FAILED.value, now
    db.session.flush()


def _work(found: Import) -> Work:
    return Work(
        claim=outbox.claim_of(found),
        id=found.id,
        mall_id=found.mall_id,
        staff_id=found.staff_id,
        kind=found.kind,
        status=found.status,
        encoding=found.encoding,
        sheet=found.sheet,
        is_workbook=bool(found.sheets),
        headings=tuple(found.headings),
        layout=found.layout,
        options=found.options,
        rows_done=found.rows_done,
        counts=found.counts,
    )


def fail(work: Work, *, error: str, now: datetime) -> bool:
    """The try failed: another one after a pause."""
    return outbox.postpone(QUEUE, work.claim, error=error, now=now)


def note_progress(work: Work, *, rows_done: int, now: datetime, **values: Any) -> None:
    """Say how far a claimed import is, and go on holding it; raises ClaimLost."""
    _write(work, {"rows_done": rows_done, "failures": 0, "due_at": now + QUEUE.lease} | values)


def pause(work: Work, *, now: datetime) -> None:
    """Let any worker go on with it."""
    _write(work, {"due_at": now})


def is_stopped(work: Work) -> bool:
    """Whether somebody has asked to stop the run."""
    asked = select(Import.id).where(Import.id == work.id, Import.cancel_asked_at.is_not(None))
    return db.session.scalar(asked) is not None


def move(work: Work, to: Status, *, now: datetime, **values: Any) -> None:
    """The work is done, and it is people's turn or the end; raises ClaimLost."""
    is_end = to in (Status.DONE, Status.CANCELLED, Status.REFUSED)
    _write(work, {"status": to.value, "failures": 0, "done_at": now if is_end else None, "last_error": None} | values)


def forget_check(work: Work) -> None:
    """A check that begins anew tells of its rows anew."""
    pieces.forget(work.id, Part.CHECKED)


def _write(work: Work, values: dict[str, Any]) -> None:
    held = db.session.execute(
        update(Import)
        .where(
            Import.id == work.id,
            Import.status == work.status,
            Import.attempts == work.claim.attempt,
            outbox.is_waiting(QUEUE),
        )
        .values(**values)
        .returning(Import.id)
        .execution_options(synchronize_session=False)
    ).first()
    if held is None:
        raise ClaimLost
