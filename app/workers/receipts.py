"""Receipts whose store has been named are recorded, one at a time."""

from app.flows.held import releasing
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import DomainError
from app.malls import queries as malls
from app.purchases.waiting import waiting
from app.purchases.waiting.errors import WaitsNoLonger


def record_of_named_stores(*, limit: int) -> int:
    """Record a batch of them, each in a transaction of its own; what is refused waits on, with the reason.

    Returns how many were recorded. Twice at once: the second finds that they wait no longer.
    """
    with atomic():
        found = [(row.id, store.id) for row, store in waiting.list_of_known_stores(limit=limit)]
    return sum(_record(waiting_id, store_id) for waiting_id, store_id in found)


def _record(waiting_id: int, store_id: int) -> bool:
    try:
        with atomic():
            releasing.record_at(waiting_id, malls.get_store(store_id), now=clock.now())
    except WaitsNoLonger:
        return False
    except DomainError as refusal:
        if refusal.kind != "busy":
            _note_obstacle(waiting_id, refusal.code)
        return False
    return True


def _note_obstacle(waiting_id: int, code: str) -> None:
    with atomic():
        row = waiting.lock(waiting_id)
        if row is not None:
            waiting.note_obstacle(row, code)
