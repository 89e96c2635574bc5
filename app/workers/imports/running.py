"""Counting what an import would do, and doing it: batch by batch in the background.

A batch of a run is one transaction with how far the import is and what is told of its rows: whoever goes on after a
worker's death begins behind the last batch, and nothing comes in twice. A check writes nothing and begins anew.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from app.access import audit
from app.access.scopes import Place
from app.flows.history.files.parsing import Parsed
from app.flows.history.files.reading import Row
from app.imports import pieces, work
from app.imports.models import Kind, Part, Status
from app.imports.work import ClaimLost, Work
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import DomainError
from app.workers import batches
from app.workers.imports import files, loading
from app.workers.imports.kinds import WAYS
from app.workers.imports.loading import Tally

logger = logging.getLogger(__name__)

BATCH_ROWS = 2_000
SLICE_SECONDS = 30.0  # then the worker's process may stop, or take another import


def work_on_next(*, seconds: float = SLICE_SECONDS) -> bool:
    """Check or run the import that waits longest, for about so long; False when none waits."""
    with atomic():
        claimed = work.claim(work.RUNNERS, now=clock.now())
    if claimed is None:
        return False
    try:
        _work_on(claimed, seconds)
    except ClaimLost:
        logger.info("import taken by somebody else", extra={"import_id": claimed.id})
    except Exception as error:
        logger.exception("import broke off", extra={"import_id": claimed.id})
        with atomic():
            work.fail(claimed, error=batches.reason_of(error), now=clock.now())
    return True


def _work_on(claimed: Work, seconds: float) -> None:
    way, now = WAYS[Kind(claimed.kind)], clock.now()
    with files.unpacked(claimed.id, claimed.text_part) as path:
        said = (claimed.encoding, claimed.layout, len(claimed.headings))
        with files.open_table(path, way.columns, *said) as table:
            parsed = way.reader(now)(table)
            if claimed.status == Status.CHECKING:
                _check(claimed, parsed, now)
            else:
                _run(claimed, parsed, now, seconds)


class _Told:
    """Rows with their reasons, as they are kept: number, cells of the file, code, facts, whether it is rejected."""

    def __init__(self, claimed: Work, *, rejected: bool, rows: list[Any]) -> None:
        self._width, self._rejected, self._rows = len(claimed.headings), rejected, rows

    def add(self, row: Row, error: DomainError) -> None:
        cells = list(row.cells[: self._width])
        self._rows.append([row.number, cells, error.code, error.facts, self._rejected])


def _check(claimed: Work, parsed: Iterable[Parsed[Any]], now: datetime) -> None:
    """What would become of every row, in one go."""
    foresee = WAYS[Kind(claimed.kind)].foresee(claimed, now)
    with atomic():
        work.forget_check(claimed)
    tally = Tally()
    for number, batch in enumerate(loading.batches(parsed, BATCH_ROWS)):
        found = foresee(loading.items_of(batch))
        with atomic():
            _tell(claimed, batch, found, tally, Part.CHECKED, number)
            work.note_progress(claimed, rows_done=tally.read, now=clock.now(), foreseen=as_counts(tally))
    with atomic():
        work.move(claimed, Status.CHECKED, now=clock.now())


def _run(claimed: Work, parsed: Iterable[Parsed[Any]], now: datetime, seconds: float) -> None:
    """The batches that are still to come, at least one, until the time is up or somebody asks to stop.

    The time counts from the first batch on: on a busy machine passing what is in may take longer than that.
    """
    load = WAYS[Kind(claimed.kind)].load(claimed, now)
    tally, until = from_counts(claimed.counts), None
    for batch in loading.batches(_behind(parsed, claimed.rows_done), BATCH_ROWS):
        if _was_stopped(claimed):
            return _end(claimed, Status.CANCELLED, tally)
        if until is None:
            until = time.monotonic() + seconds
        elif time.monotonic() > until:
            with atomic():
                return work.pause(claimed, now=clock.now())
        tally = loading.persist(_act(claimed, batch, load, tally))
    _end(claimed, Status.DONE, tally)


def _was_stopped(claimed: Work) -> bool:
    with atomic():
        return work.is_stopped(claimed)


def _behind(parsed: Iterable[Parsed[Any]], rows_done: int) -> Iterator[Parsed[Any]]:
    """What follows the rows that are in; a batch never ends within an item."""
    passed = 0
    for one in parsed:
        if passed >= rows_done:
            yield one
        passed += len(one.rows)


def _act(claimed: Work, batch: Sequence[Parsed[Any]], load: Any, before: Tally) -> Callable[[bool], Tally]:
    """A batch's unit of work, which may be tried again: it counts from where the batches before have come to."""

    def act(plainly: bool) -> Tally:
        started, tally = time.monotonic(), from_counts(as_counts(before))
        items = loading.items_of(batch)
        found = load(items, plainly=plainly) if items else []
        _tell(claimed, batch, found, tally, Part.REJECTED, before.read)
        tally.seconds += time.monotonic() - started
        work.note_progress(claimed, rows_done=tally.read, now=clock.now(), counts=as_counts(tally))
        return tally

    return act


def _tell(
    claimed: Work, batch: Sequence[Parsed[Any]], found: Sequence[Any], tally: Tally, part: Part, number: int
) -> None:
    """Count a batch's rows and keep what is told of them."""
    rows = list[Any]()
    rejects, notes = (_Told(claimed, rejected=rejected, rows=rows) for rejected in (True, False))
    loading.settle(batch, found, tally, rejects, notes)
    if rows:
        pieces.keep_rows(claimed.id, part, number, rows)


def _end(claimed: Work, status: Status, tally: Tally) -> None:
    with atomic():
        now = clock.now()
        work.move(claimed, status, now=now, cancel_asked_at=None, counts=as_counts(tally))
        facts = {"kind": claimed.kind, "new": tally.new, "known": tally.known, "rejected": tally.rejected}
        audit.record(
            audit.SYSTEM,
            action="import.done" if status is Status.DONE else "import.stopped",
            subject=f"import:{claimed.id}",
            now=now,
            facts=facts,
            place=Place(mall_id=claimed.mall_id),
        )


def as_counts(tally: Tally) -> dict[str, Any]:
    """The tally as it is kept."""
    return {field.name: getattr(tally, field.name) for field in fields(tally)}


def from_counts(counts: Any) -> Tally:
    """The tally as it was kept."""
    counters = {name: Counter(counts.get(name, {})) for name in ("remarks", "causes")}
    return Tally(**{**counts, **counters})
